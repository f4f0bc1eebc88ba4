package io.drivetrain.outbox.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.OutboxException;
import io.drivetrain.outbox.PendingMessages.Pending;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * When a transaction's events are written, by the order in which a server completes it. Each case
 * was seen on a server; see docs/decisions.
 */
class TransactionBufferTest {
  private final FakeRegistry registry = new FakeRegistry();
  private final List<String> inserts = new ArrayList<>();
  private int commits;
  private boolean failing;
  private final Transactions transactions =
      new Transactions(registry, this::write, buckets -> commits++);

  @Test
  void events_wait_for_the_commit_and_go_as_one_insert() {
    event("a");
    event("b");
    assertThat(inserts).isEmpty();

    registry.commit();

    assertThat(inserts).containsExactly("a b");
    assertThat(commits).isEqualTo(1);
  }

  @Test
  void events_of_a_flush_that_runs_after_our_synchronization_are_in_the_same_insert() {
    event("a");
    otherSynchronization(() -> event("flushed"));

    registry.commit();

    assertThat(inserts).containsExactly("a flushed");
  }

  @Test
  void the_place_is_kept_also_when_nothing_has_been_published_yet() {
    change("slot", "gone");
    transactions.change("slot", before -> null);
    otherSynchronization(() -> event("flushed"));

    registry.commit();

    assertThat(inserts).containsExactly("flushed");
  }

  @Test
  void an_event_after_the_drain_is_written_at_once_in_the_same_transaction() {
    event("a");
    otherSynchronization(() -> otherSynchronization(() -> event("late")));

    registry.commit();

    assertThat(inserts).containsExactly("a", "late");
    assertThat(commits).isEqualTo(1);
  }

  @Test
  void a_slot_changed_after_the_drain_starts_from_nothing() {
    change("slot", "a");
    otherSynchronization(() -> otherSynchronization(() -> change("slot", "late")));

    registry.commit();

    assertThat(inserts).containsExactly("a", "late");
  }

  @Test
  void if_moving_to_the_end_is_refused_what_is_there_is_written_and_the_rest_at_once() {
    registry.refuseFrom = 1;
    event("a");
    registry.synchronizationsBypass(() -> event("flushed"));

    registry.commit();

    assertThat(inserts).containsExactly("a", "flushed");
  }

  @Test
  void if_registering_is_refused_every_event_is_written_at_once() {
    registry.refuseFrom = 0;

    event("a");
    event("b");
    registry.commit();

    assertThat(inserts).containsExactly("a", "b");
  }

  @Test
  void rollback_writes_nothing() {
    event("a");
    registry.rollback();

    assertThat(inserts).isEmpty();
    assertThat(commits).isZero();
  }

  @Test
  void rollback_only_writes_nothing_and_later_events_are_ignored() {
    event("a");
    registry.setRollbackOnly();
    event("b");
    registry.commit();

    assertThat(inserts).isEmpty();
    assertThat(commits).isZero();
  }

  @Test
  void rollback_only_between_our_two_synchronizations_writes_nothing() {
    event("a");
    otherSynchronization(registry::setRollbackOnly);
    registry.commit();

    assertThat(inserts).isEmpty();
  }

  @Test
  void an_insert_that_fails_rolls_the_transaction_back() {
    failing = true;
    event("a");

    assertThatThrownBy(registry::commit).isInstanceOf(OutboxException.class);
    assertThat(registry.status).isEqualTo(Status.STATUS_ROLLEDBACK);
    assertThat(commits).isZero();
  }

  @Test
  void a_late_insert_that_fails_rolls_back_even_if_the_caller_goes_on() {
    event("a");
    otherSynchronization(
        () ->
            otherSynchronization(
                () -> {
                  failing = true;
                  assertThatThrownBy(() -> event("late")).isInstanceOf(OutboxException.class);
                }));

    registry.commit();

    assertThat(registry.status).isEqualTo(Status.STATUS_ROLLEDBACK);
  }

  @Test
  void a_synchronization_that_was_never_called_is_noticed_and_writes_nothing_after_the_commit() {
    registry.ignoreFrom = 0;
    event("a");

    registry.commit();

    assertThat(inserts).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Status.STATUS_NO_TRANSACTION,
        Status.STATUS_COMMITTED,
        Status.STATUS_COMMITTING,
        Status.STATUS_PREPARED,
        Status.STATUS_UNKNOWN
      })
  void outside_of_an_active_transaction_an_event_is_refused_loudly(int status) {
    registry.status = status;

    assertThatThrownBy(() -> event("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Nothing can be published");
  }

  @Test
  void an_event_after_the_commit_is_refused() {
    event("a");
    registry.commit();

    assertThatThrownBy(() -> event("b")).isInstanceOf(IllegalStateException.class);
    assertThat(inserts).containsExactly("a");
  }

  @Test
  void two_transactions_do_not_see_each_other() {
    FakeRegistry other = new FakeRegistry();
    Transactions inner = new Transactions(other, this::write, buckets -> commits++);
    event("outer");
    inner.change("x", before -> pending("inner"));
    other.commit();
    registry.rollback();

    assertThat(inserts).containsExactly("inner");
  }

  private void event(String value) {
    change(new Object(), value);
  }

  private void change(Object slot, String value) {
    transactions.change(slot, before -> pending(value));
  }

  private static Pending pending(String value) {
    return new Pending(
        null,
        List.of(
            new EncodedMessage(
                "t", null, value.getBytes(StandardCharsets.UTF_8), List.of(), null, null)));
  }

  private void otherSynchronization(Runnable beforeCompletion) {
    registry.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {
            beforeCompletion.run();
          }

          @Override
          public void afterCompletion(int status) {
            assertThat(status).isIn(Status.STATUS_COMMITTED, Status.STATUS_ROLLEDBACK);
          }
        });
  }

  private long write(List<EncodedMessage> messages) {
    if (failing) {
      throw new OutboxException("no");
    }
    assertThat(registry.status).isEqualTo(Status.STATUS_ACTIVE);
    inserts.add(
        String.join(
            " ",
            messages.stream()
                .map(message -> new String(message.value(), StandardCharsets.UTF_8))
                .toList()));
    return messages.size();
  }
}
