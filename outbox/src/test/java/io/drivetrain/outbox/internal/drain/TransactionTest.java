package io.drivetrain.outbox.internal.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.ParkReason;
import io.drivetrain.outbox.internal.store.OutboxRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What becomes of the rows of a transaction. */
class TransactionTest {
  private static final Answer STORED = new Answer.Acknowledged();
  private static final Answer REFUSED = new Answer.Refused(ParkReason.TOO_LARGE, "too large");
  private static final Answer AGAIN = new Answer.Again("in an error state");
  private static final Answer TOPIC = new Answer.TopicFailed("not authorised");

  @Test
  void committed_all_rows_are_deleted() {
    Transaction transaction = answered(STORED, STORED);
    assertThat(transaction.landed()).as("answered is not committed").isFalse();
    assertThat(transaction.isStored()).isTrue();

    transaction.committed();

    assertThat(transaction.landed()).isTrue();
    assertThat(outcome(transaction).delete()).containsExactly(1L, 2L);
  }

  @Test
  void with_a_row_refused_all_come_again_and_its_rule_is_not_applied_yet() {
    Transaction transaction = answered(STORED, REFUSED, AGAIN);
    assertThat(transaction.isStored()).isFalse();

    transaction.undone(null);

    assertThat(transaction.refused()).contains(2L);
    Outcome outcome = outcome(transaction);
    assertThat(outcome.delete()).isEmpty();
    assertThat(outcome.refused().isEmpty()).isTrue();
    assertThat(outcome.comesAgain()).isTrue();
    assertThat(outcome.failure()).as("Kafka is there").isEmpty();
  }

  @Test
  void refused_alone_a_row_is_parked() {
    Transaction transaction = answered(REFUSED);

    transaction.undone(null);

    assertThat(outcome(transaction).refused().park()).hasSize(1);
  }

  @Test
  void with_a_topic_refused_the_others_come_again_without_it() {
    Transaction transaction = answered(STORED, TOPIC, AGAIN);

    transaction.undone(null);

    assertThat(transaction.refused()).isEmpty();
    Outcome outcome = outcome(transaction);
    assertThat(outcome.delete()).isEmpty();
    assertThat(outcome.topics()).containsKey("t");
    assertThat(outcome.failure()).isEmpty();
  }

  @Test
  void any_other_failure_is_kafkas() {
    Transaction transaction = answered(STORED, AGAIN);

    transaction.undone(null);

    assertThat(outcome(transaction).failure()).contains("in an error state");
  }

  @Test
  void when_nobody_knows_whether_it_was_committed_all_come_again() {
    Transaction transaction = answered(STORED, STORED);

    transaction.undone("could not be committed");

    assertThat(outcome(transaction).delete()).isEmpty();
    assertThat(outcome(transaction).failure()).contains("could not be committed");
  }

  @Test
  void given_up_before_its_end_nothing_is_deleted() {
    Window window = new Window(TopicRules.DEFAULT, 1);
    window.add(answered(STORED, STORED));
    assertThat(window.hasRoom()).isFalse();
    assertThat(window.landed()).isEmpty();

    assertThat(window.giveUp().delete()).isEmpty();
  }

  @Test
  void rows_before_a_refused_one_are_sent_first_and_then_it_alone() {
    TransactionalSending sending = new TransactionalSending("id");
    List<OutboxRow> rows = rows(4);
    assertThat(sending.together(rows)).isEqualTo(rows);

    sending.judgeAlone(3);

    assertThat(ids(sending.together(rows))).containsExactly(1L, 2L);
    assertThat(ids(sending.together(rows.subList(2, 4)))).containsExactly(3L);
  }

  private static Outcome outcome(Transaction transaction) {
    return Outcome.of(transaction.rows(), transaction.answers(), TopicRules.DEFAULT);
  }

  private static List<Long> ids(List<OutboxRow> rows) {
    return rows.stream().map(OutboxRow::id).toList();
  }

  private static List<OutboxRow> rows(int count) {
    return LongStream.rangeClosed(1, count)
        .mapToObj(id -> new OutboxRow(id, "t", null, null, new byte[] {(byte) id}, null, null))
        .toList();
  }

  /** Of which the first that is not stored failed first. */
  private static Transaction answered(Answer... answers) {
    List<OutboxRow> rows = rows(answers.length);
    return new Transaction(
        new Flight() {
          @Override
          public List<OutboxRow> rows() {
            return rows;
          }

          @Override
          public long sentAt() {
            return 0;
          }

          @Override
          public int answered() {
            return answers.length;
          }

          @Override
          public boolean failed() {
            return firstFailed().isPresent();
          }

          @Override
          public Optional<Integer> firstFailed() {
            int index = new ArrayList<>(answers()).indexOf(firstNotStored());
            return index < 0 ? Optional.empty() : Optional.of(index);
          }

          private Answer firstNotStored() {
            return answers().stream().filter(answer -> answer != STORED).findFirst().orElse(null);
          }

          @Override
          public List<Answer> answers() {
            return List.of(answers);
          }
        });
  }
}
