package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.OutboxRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A batch of which Kafka has all rows or none. Owned by the draining thread; decides, and does
 * nothing itself.
 */
final class Transaction implements Flight {
  private final Flight batch;
  private boolean ended;
  private boolean committed;
  private String failure;

  Transaction(Flight batch) {
    this.batch = batch;
  }

  /** Whether every row is answered, so that it can be ended. */
  boolean isAnswered() {
    return batch.landed();
  }

  /** Whether Kafka has every row, though nobody sees them yet. */
  boolean isStored() {
    return batch.answers().stream().allMatch(Answer.Acknowledged.class::isInstance);
  }

  /** The row that was refused for good, if that is why it fails: what comes behind it, too. */
  Optional<Long> refused() {
    return batch.firstFailed().filter(this::isRefused).map(index -> batch.rows().get(index).id());
  }

  private boolean isRefused(int index) {
    return batch.answers().get(index) instanceof Answer.Refused;
  }

  boolean hasEnded() {
    return ended;
  }

  /** Kafka has it. */
  void committed() {
    ended = true;
    committed = true;
  }

  /**
   * Kafka has nothing of it, or it is not known whether it has.
   *
   * @param why null if the answers say why
   */
  void undone(String why) {
    ended = true;
    failure = why;
  }

  @Override
  public boolean landed() {
    return ended;
  }

  @Override
  public boolean failed() {
    return ended ? !committed : batch.failed();
  }

  @Override
  public List<Answer> answers() {
    if (committed) {
      return batch.answers();
    }
    List<Answer> answers = batch.answers();
    Optional<Integer> first = batch.firstFailed();
    boolean refused = first.isPresent() && isRefused(first.get());
    if (failure == null && refused && rows().size() == 1) {
      return answers;
    }
    List<Answer> undone = new ArrayList<>(answers.size());
    boolean explained = failure == null && refused;
    for (Answer answer : answers) {
      if (answer instanceof Answer.TopicFailed) {
        undone.add(answer);
        explained = true;
      } else {
        undone.add(new Answer.Again(null));
      }
    }
    if (!explained) {
      int at = first.orElse(0);
      String why = failure;
      if (why == null && answers.get(at) instanceof Answer.Again again) {
        why = again.error();
      }
      undone.set(at, new Answer.Again(why));
    }
    return undone;
  }

  @Override
  public List<OutboxRow> rows() {
    return batch.rows();
  }

  @Override
  public Optional<Integer> firstFailed() {
    return batch.firstFailed();
  }

  @Override
  public Collection<Long> omitted() {
    return batch.omitted();
  }

  @Override
  public Outcome complete(Outcome outcome) {
    return batch.complete(outcome);
  }

  @Override
  public long sentAt() {
    return batch.sentAt();
  }

  @Override
  public int answered() {
    return batch.answered();
  }
}
