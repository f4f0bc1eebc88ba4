package io.drivetrain.connector.internal.assignment;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.P1;
import static io.drivetrain.connector.internal.assignment.Records.offsets;
import static io.drivetrain.connector.internal.assignment.Records.pause;
import static io.drivetrain.connector.internal.assignment.Records.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.internal.policy.HandOver;
import io.drivetrain.connector.internal.policy.Ordering;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What operators do: pause, resume, skip, begin anew. */
class ControlTest {
  private static final Duration TEN = Duration.ofSeconds(10);

  private Assignment assignment = assigned(Ordering.PARTITION);
  private long now;

  private static Assignment assigned(Ordering ordering) {
    Assignment assignment =
        new Assignment(
            new HandOver(ordering, false, 512, Long.MAX_VALUE, 0, 4, 1_000_000), pause(TEN));
    assignment.assign(List.of(P0, P1), Map.of(), 0);
    return assignment;
  }

  private void receive(TopicPartition partition, long... offsets) {
    assignment.received(partition, records(partition, offsets), 5L * offsets.length, now);
  }

  private Run take() {
    return assignment.take(now).orElseThrow();
  }

  private void done(Run run) {
    run.completed(run.size());
    assignment.returned(run, now);
  }

  private void fail(Run run) {
    assignment.failed(run, 1, new IllegalStateException("boom"), now, Instant.EPOCH);
  }

  private long skip() {
    return assignment.skip(P0, OptionalLong.empty(), now);
  }

  private Long committable() {
    return assignment.toCommit(List.of(P0)).values().stream()
        .map(offset -> offset.offset())
        .findFirst()
        .orElse(null);
  }

  @Test
  void a_paused_partition_is_neither_fetched_nor_handed_out_and_others_go_on() {
    receive(P0, 0);
    receive(P1, 0);
    assignment.pause(P0);

    assertThat(assignment.fetchPaused()).containsExactly(P0);
    assertThat(assignment.isFull()).isFalse();
    assertThat(take().partition()).isEqualTo(P1);
    assertThat(assignment.take(now)).isEmpty();
    assertThat(assignment.waitNanos(now)).isEqualTo(Long.MAX_VALUE);
    assertThat(assignment.states().get(0).paused()).isTrue();

    assertThat(assignment.resume(P0, now)).isTrue();
    assertThat(take().partition()).isEqualTo(P0);
  }

  @Test
  void a_pause_asks_for_what_a_lane_has_not_begun() {
    receive(P0, 0, 1);
    Run run = take();
    assignment.pause(P0);
    assertThat(run.isStopped()).isTrue();

    run.completed(1);
    assignment.returned(run, now);
    assertThat(assignment.take(now)).isEmpty();
    assertThat(committable()).isEqualTo(1L);
  }

  @Test
  void neither_room_in_memory_nor_the_clock_ends_the_pause_of_an_operator() {
    receive(P0, 0, 1, 2, 3);
    Run run = take();
    assignment.pause(P0);
    run.completed(3);
    fail(run);
    now += TEN.toNanos();

    assertThat(assignment.take(now)).isEmpty();
    assertThat(assignment.fetchPaused()).containsExactly(P0);
  }

  @Test
  void a_resume_ends_the_pause_of_an_operator_and_that_of_a_failure() {
    receive(P0, 0);
    fail(take());
    assignment.pause(P0);

    assertThat(assignment.resume(P0, now)).isTrue();
    assertThat(take().attempt(0)).isEqualTo(2);
    assertThat(assignment.resume(P1, now)).isFalse();
  }

  @Test
  void a_paused_channel_pauses_what_comes_later_too() {
    assignment.pauseAll();
    TopicPartition later = new TopicPartition("orders", 2);
    assignment.assign(List.of(later), Map.of(), now);
    assertThat(assignment.fetchPaused()).containsExactlyInAnyOrder(P0, P1, later);

    assignment.resume(later, now);
    assertThat(assignment.fetchPaused()).containsExactlyInAnyOrder(P0, P1);
    assignment.resumeAll(now);
    assertThat(assignment.fetchPaused()).isEmpty();
  }

  @Test
  void a_partition_that_goes_and_comes_back_is_as_the_operator_left_it() {
    assignment.pause(P0);
    assignment.drop(List.of(P0, P1));
    assignment.assign(List.of(P0, P1), Map.of(), now);
    assertThat(assignment.fetchPaused()).containsExactly(P0);

    assignment.pauseAll();
    assignment.resume(P1, now);
    assignment.drop(List.of(P0, P1));
    assignment.assign(List.of(P0, P1), Map.of(), now);
    assertThat(assignment.fetchPaused()).containsExactly(P0);
  }

  @Test
  void a_partition_that_is_not_assigned_is_refused_with_those_that_are() {
    TopicPartition other = new TopicPartition("orders", 9);

    assertThatThrownBy(() -> assignment.pause(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("orders-9 is not assigned to this node; assigned are orders-0, orders-1");
    assertThatThrownBy(() -> assignment.resume(other, now))
        .hasMessageStartingWith("orders-9 is not assigned to this node");
    assignment.drop(List.of(P0, P1));
    assertThatThrownBy(() -> assignment.skip(P0, OptionalLong.empty(), now))
        .hasMessage("orders-0 is not assigned to this node; assigned is nothing");
  }

  @Test
  void the_record_that_failed_is_skipped_and_the_next_one_comes_at_once() {
    receive(P0, 4, 7);
    fail(take());

    assertThat(skip()).isEqualTo(4);
    assertThat(committable()).isEqualTo(5L);
    assertThat(assignment.fetchPaused()).isEmpty();
    Run next = take();
    assertThat(offsets(next.records())).containsExactly(7L);
    assertThat(next.attempt(0)).isEqualTo(1);
  }

  @Test
  void of_a_partition_that_an_operator_paused_the_first_record_is_skipped() {
    receive(P0, 0, 1);
    assignment.pause(P0);

    assertThat(skip()).isZero();
    assertThat(skip()).isEqualTo(1);
    assertThat(assignment.take(now)).isEmpty();
    assertThatThrownBy(this::skip)
        .hasMessageContaining("no record in memory")
        .hasMessageContaining("seek");
  }

  @Test
  void a_partition_that_goes_on_stands_at_no_record() {
    receive(P0, 0);

    assertThatThrownBy(this::skip)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("orders-0 is not paused");
    Run run = take();
    assignment.pause(P0);
    assertThatThrownBy(this::skip).hasMessageContaining("in flight");
    done(run);
    assertThat(committable()).isEqualTo(1L);
  }

  @Test
  void only_the_record_that_was_looked_at_is_skipped() {
    receive(P0, 4, 5);
    fail(take());

    assertThatThrownBy(() -> assignment.skip(P0, OptionalLong.of(5), now))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("orders-0 does not stand at offset 5; it stands at 4");
    assertThat(assignment.skip(P0, OptionalLong.of(4), now)).isEqualTo(4);
  }

  @Test
  void of_several_keys_that_fail_the_lowest_or_the_wanted_one_is_skipped() {
    assignment = assigned(Ordering.KEY);
    receive(P0, 0, 1, 2);
    fail(take());
    fail(take());
    fail(take());

    assertThat(skip()).isZero();
    assertThat(assignment.skip(P0, OptionalLong.of(2), now)).isEqualTo(2);
    assertThat(committable()).isEqualTo(1L);
    assertThat(skip()).isEqualTo(1);
    assertThat(committable()).isEqualTo(3L);
  }

  @Test
  void a_partition_that_begins_anew_has_forgotten_everything_but_the_pause_of_an_operator() {
    receive(P0, 10, 11);
    fail(take());
    now += TEN.toNanos();
    Run late = take();
    assignment.pause(P0);

    assignment.restart(P0, 3);

    assertThat(committable()).isEqualTo(3L);
    done(late);
    assertThat(committable()).isEqualTo(3L);
    assertThat(assignment.states().get(0).queued()).isZero();
    assertThat(assignment.fetchPaused()).containsExactly(P0);
    assignment.resume(P0, now);
    receive(P0, 3, 10);
    Run run = take();
    assertThat(offsets(run.records())).containsExactly(3L, 10L);
    assertThat(run.attempt(0)).isEqualTo(1);
  }

  @Test
  void with_order_per_key_what_was_done_ahead_is_forgotten_too() {
    assignment = assigned(Ordering.KEY);
    receive(P0, 0, 1, 2);
    fail(take());
    done(take());

    assignment.restart(P0, 0);
    assertThat(assignment.toCommit(List.of(P0)).get(P0).metadata()).isEmpty();
    receive(P0, 0, 1, 2);
    assertThat(offsets(take().records())).containsExactly(0L);
    assertThat(offsets(take().records())).containsExactly(1L);
  }
}
