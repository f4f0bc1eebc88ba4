package io.drivetrain.connector.internal.assignment;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.P1;
import static io.drivetrain.connector.internal.assignment.Records.batches;
import static io.drivetrain.connector.internal.assignment.Records.offsets;
import static io.drivetrain.connector.internal.assignment.Records.pause;
import static io.drivetrain.connector.internal.assignment.Records.records;
import static io.drivetrain.connector.internal.assignment.Records.single;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.PartitionState;
import io.drivetrain.connector.internal.policy.Backoff;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.HandOver;
import io.drivetrain.connector.internal.policy.Ordering;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AssignmentTest {
  private static final Duration TEN = Duration.ofSeconds(10);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final RuntimeException BOOM = new IllegalStateException("boom");

  private Assignment assignment = assigned(single(), pause(TEN));
  private long now;

  private static Assignment assigned(HandOver handOver, FailurePolicy policy) {
    Assignment assignment = new Assignment(handOver, policy);
    assignment.assign(List.of(P0, P1), Map.of(), 0);
    return assignment;
  }

  private void receive(TopicPartition partition, long... offsets) {
    assignment.received(partition, records(partition, offsets), 10L * offsets.length, now);
  }

  private Run take() {
    return assignment.take(now).orElseThrow();
  }

  private void done(Run run) {
    run.completed(run.size());
    assignment.returned(run, now);
  }

  private Optional<Failure> fail(Run run, int completed) {
    run.completed(completed);
    return assignment.failed(run, run.size() - completed, BOOM, now, START.plusNanos(now));
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private PartitionState state(TopicPartition partition) {
    return assignment.states().get(partition.partition());
  }

  private Long committable(TopicPartition partition) {
    OffsetAndMetadata offset = assignment.toCommit(List.of(partition)).get(partition);
    return offset == null ? null : offset.offset();
  }

  @Test
  void records_come_in_order_and_one_run_of_a_partition_at_a_time() {
    receive(P0, 0, 1, 2);
    receive(P0, 3);

    Run first = take();
    assertThat(offsets(first.records())).containsExactly(0L, 1L, 2L);
    assertThat(assignment.take(now)).isEmpty();

    done(first);
    assertThat(offsets(take().records())).containsExactly(3L);
  }

  @Test
  void what_a_lane_gives_back_unfinished_comes_next() {
    receive(P0, 0, 1, 2);
    Run run = take();
    run.completed(1);
    assignment.returned(run, now);

    assertThat(offsets(take().records())).containsExactly(1L, 2L);
  }

  @Test
  void a_failed_record_pauses_only_its_partition_and_comes_first_when_the_pause_is_over() {
    receive(P0, 0, 1, 2);
    receive(P1, 0);
    fail(take(), 1);

    assertThat(take().partition()).isEqualTo(P1);
    assertThat(assignment.take(now)).isEmpty();
    assertThat(assignment.waitNanos(now)).isEqualTo(TEN.toNanos());

    pass(TEN.minusNanos(1));
    assertThat(assignment.take(now)).isEmpty();
    pass(Duration.ofNanos(1));
    Run retry = take();
    assertThat(offsets(retry.records())).containsExactly(1L, 2L);
    assertThat(retry.attempt(0)).isEqualTo(2);
    assertThat(retry.attempt(1)).isEqualTo(1);
    assertThat(retry.failure().orElseThrow().cause()).isSameAs(BOOM);
  }

  @Test
  void attempts_grow_with_every_failure_of_the_record_and_a_success_clears_them() {
    receive(P0, 0, 1);
    assertThat(fail(take(), 0).orElseThrow().failures()).isEqualTo(1);
    pass(TEN);
    assertThat(fail(take(), 0).orElseThrow().failures()).isEqualTo(2);
    pass(TEN);

    Run run = take();
    assertThat(run.attempt(0)).isEqualTo(3);
    assertThat(fail(run, 1).orElseThrow().failures()).isEqualTo(1);
  }

  @Test
  void a_pause_of_zero_redelivers_at_once_but_lets_others_go_first() {
    assignment = assigned(single(), pause(Duration.ZERO));
    receive(P0, 0);
    receive(P1, 0);
    fail(take(), 0);

    assertThat(take().partition()).isEqualTo(P1);
    assertThat(take().partition()).isEqualTo(P0);
  }

  @Test
  void a_pause_without_an_end_lasts_until_somebody_resumes_the_partition() {
    assignment = assigned(single(), new FailurePolicy(new Backoff(Optional.empty(), false, TEN)));
    receive(P0, 0);
    fail(take(), 0);

    pass(Duration.ofDays(1_000));
    assertThat(assignment.take(now)).isEmpty();
    assertThat(assignment.waitNanos(now)).isEqualTo(Long.MAX_VALUE);
    assertThat(state(P0).pause().orElseThrow().resumeAt()).isEmpty();

    assertThat(assignment.resume(P0, now)).isTrue();
    assertThat(take().attempt(0)).isEqualTo(2);
  }

  @Test
  void resuming_what_does_not_pause_changes_nothing() {
    receive(P0, 0);

    assertThat(assignment.resume(P0, now)).isFalse();
    take();
    assertThat(assignment.resume(P0, now)).isFalse();
  }

  @Test
  void a_commit_stores_the_offset_after_the_last_record_done_across_gaps() {
    receive(P0, 5, 9, 12);
    assertThat(committable(P0)).isNull();

    fail(take(), 2);

    assertThat(committable(P0)).isEqualTo(10L);
    assertThat(assignment.toCommit(List.of(P0)).get(P0).leaderEpoch()).contains(7);
  }

  @Test
  void the_progress_of_a_run_in_flight_can_be_committed() {
    receive(P0, 0, 1, 2);
    Run run = take();
    run.completed(2);

    assertThat(committable(P0)).isEqualTo(2L);
  }

  @Test
  void what_is_committed_is_not_committed_again() {
    receive(P0, 0);
    done(take());
    assignment.committed(assignment.toCommit(List.of(P0)));

    assertThat(assignment.toCommit(assignment.names())).isEmpty();
    receive(P0, 1);
    done(take());
    assertThat(committable(P0)).isEqualTo(2L);
  }

  @Test
  void a_topic_made_anew_is_committed_from_its_beginning() {
    receive(P0, 41);
    done(take());
    receive(P0, 0);
    done(take());

    assertThat(committable(P0)).isEqualTo(1L);
  }

  @Test
  void partitions_take_turns_however_full_one_of_them_is() {
    assignment =
        assigned(
            new HandOver(Ordering.PARTITION, false, 1, Long.MAX_VALUE, 0, 1_000, 1_000),
            pause(TEN));
    receive(P0, 0, 1, 2, 3);
    receive(P1, 0, 1);

    for (TopicPartition expected : List.of(P0, P1, P0, P1, P0, P0)) {
      Run run = take();
      assertThat(run.partition()).isEqualTo(expected);
      done(run);
    }
  }

  @Test
  void a_full_partition_is_not_fetched_until_half_of_it_is_done() {
    assignment =
        assigned(
            new HandOver(Ordering.PARTITION, false, 2, Long.MAX_VALUE, 0, 4, 1_000), pause(TEN));
    receive(P0, 0, 1, 2, 3);
    assertThat(assignment.fetchPaused()).containsExactly(P0);

    Run run = take();
    run.completed(1);
    assignment.returned(run, now);
    assertThat(assignment.fetchPaused()).containsExactly(P0);
    done(take());
    assertThat(assignment.fetchPaused()).isEmpty();
  }

  @Test
  void large_records_fill_a_partition_by_their_bytes() {
    assignment =
        assigned(
            new HandOver(Ordering.PARTITION, false, 2, Long.MAX_VALUE, 0, 1_000, 20), pause(TEN));
    receive(P0, 0);
    assertThat(assignment.fetchPaused()).isEmpty();
    receive(P0, 1);
    assertThat(assignment.fetchPaused()).containsExactly(P0);
  }

  @Test
  void room_in_memory_does_not_end_the_pause_of_a_failure() {
    assignment =
        assigned(
            new HandOver(Ordering.PARTITION, false, 4, Long.MAX_VALUE, 0, 2, 1_000), pause(TEN));
    receive(P0, 0, 1, 2);
    fail(take(), 2);
    assertThat(assignment.isFull()).isFalse();
    assertThat(assignment.fetchPaused()).containsExactly(P0);

    pass(TEN);
    done(take());
    assertThat(assignment.fetchPaused()).isEmpty();
  }

  @Test
  void a_draining_partition_hands_out_nothing_and_asks_for_the_run_in_flight() {
    receive(P0, 0, 1);
    Run run = take();
    assignment.drain(List.of(P0));

    assertThat(run.isStopped()).isTrue();
    assertThat(assignment.inFlight(List.of(P0, P1))).containsExactly(P0);
    run.completed(1);
    assignment.returned(run, now);
    assertThat(assignment.inFlight(List.of(P0, P1))).isEmpty();
    assertThat(assignment.take(now)).isEmpty();
    assertThat(committable(P0)).isEqualTo(1L);
  }

  @Test
  void what_comes_back_for_an_earlier_assignment_is_ignored() {
    receive(P0, 0, 1);
    Run late = take();
    assignment.drop(List.of(P0));
    assignment.assign(List.of(P0), Map.of(), now);
    receive(P0, 0, 1);

    done(late);
    assertThat(committable(P0)).isNull();
    assertThat(fail(late, 0)).isEmpty();
    assertThat(offsets(take().records())).containsExactly(0L, 1L);
  }

  @Test
  void attempts_and_the_rest_of_the_pause_survive_a_rebalance_that_gives_the_partition_back() {
    receive(P0, 0, 1);
    fail(take(), 1);
    assignment.drop(List.of(P0));
    pass(Duration.ofSeconds(4));
    assignment.assign(List.of(P0), Map.of(), now);
    receive(P0, 1, 2);

    assertThat(assignment.waitNanos(now)).isEqualTo(Duration.ofSeconds(6).toNanos());
    assertThat(assignment.fetchPaused()).containsExactly(P0);
    pass(Duration.ofSeconds(6));
    assertThat(take().attempt(0)).isEqualTo(2);
  }

  @Test
  void a_pause_that_is_over_when_the_partition_comes_back_holds_nothing_up() {
    receive(P0, 0);
    fail(take(), 0);
    assignment.drop(List.of(P0));
    pass(TEN);
    assignment.assign(List.of(P0), Map.of(), now);

    assertThat(assignment.fetchPaused()).isEmpty();
    receive(P0, 0);
    assertThat(take().attempt(0)).isEqualTo(2);
  }

  @Test
  void attempts_are_forgotten_when_another_node_got_past_the_record() {
    receive(P0, 0);
    fail(take(), 0);
    assignment.drop(List.of(P0));
    assignment.assign(List.of(P0), Map.of(), now);
    receive(P0, 1);

    assertThat(take().attempt(0)).isEqualTo(1);
  }

  @Test
  void a_pause_without_an_end_ends_when_the_partition_moves_but_its_attempts_stay() {
    assignment = assigned(single(), new FailurePolicy(new Backoff(Optional.empty(), false, TEN)));
    receive(P0, 0);
    fail(take(), 0);
    assignment.drop(List.of(P0));
    assignment.assign(List.of(P0), Map.of(), now);
    receive(P0, 0);

    assertThat(take().attempt(0)).isEqualTo(2);
  }

  @Test
  void a_batch_holds_records_of_one_partition_up_to_its_size() {
    assignment = assigned(batches(3, Duration.ZERO), pause(TEN));
    receive(P0, 0, 1);
    receive(P1, 0);
    receive(P0, 2, 3);

    assertThat(offsets(take().records())).containsExactly(0L, 1L, 2L);
    assertThat(offsets(take().records())).containsExactly(0L);
  }

  @Test
  void an_incomplete_batch_waits_and_a_complete_one_does_not() {
    assignment = assigned(batches(3, Duration.ofSeconds(1)), pause(TEN));
    receive(P0, 0, 1);
    assertThat(assignment.take(now)).isEmpty();
    assertThat(assignment.waitNanos(now)).isEqualTo(Duration.ofSeconds(1).toNanos());

    receive(P1, 0, 1, 2);
    assertThat(take().partition()).isEqualTo(P1);
    pass(Duration.ofSeconds(1));
    assertThat(offsets(take().records())).containsExactly(0L, 1L);
  }

  @Test
  void a_batch_that_can_grow_no_more_for_lack_of_memory_does_not_wait() {
    assignment =
        assigned(
            new HandOver(
                Ordering.PARTITION,
                true,
                500,
                Long.MAX_VALUE,
                Duration.ofHours(1).toNanos(),
                1_000,
                20),
            pause(TEN));
    receive(P0, 0, 1);

    assertThat(offsets(take().records())).containsExactly(0L, 1L);
  }

  private static HandOver batchesOfBytes(long bytes, Duration wait) {
    return new HandOver(Ordering.PARTITION, true, 500, bytes, wait.toNanos(), 1_000, 1_000_000);
  }

  /** A record of these tests has five bytes. */
  @Test
  void a_batch_holds_records_up_to_its_bytes() {
    assignment = assigned(batchesOfBytes(15, Duration.ZERO), pause(TEN));
    receive(P0, 0, 1);
    receive(P0, 2, 3, 4);

    Run first = take();
    assertThat(offsets(first.records())).containsExactly(0L, 1L, 2L);
    done(first);
    assertThat(offsets(take().records())).containsExactly(3L, 4L);
  }

  @Test
  void a_record_larger_than_a_batch_may_be_comes_alone() {
    assignment = assigned(batchesOfBytes(3, Duration.ZERO), pause(TEN));
    receive(P0, 0, 1);

    Run first = take();
    assertThat(offsets(first.records())).containsExactly(0L);
    done(first);
    assertThat(offsets(take().records())).containsExactly(1L);
  }

  @Test
  void a_batch_with_enough_bytes_does_not_wait_for_more_records() {
    assignment = assigned(batchesOfBytes(10, Duration.ofHours(1)), pause(TEN));
    receive(P0, 0, 1);
    assertThat(assignment.take(now)).isEmpty();

    receive(P0, 2);
    assertThat(offsets(take().records())).containsExactly(0L, 1L);
  }

  @Test
  void a_failed_batch_that_was_cut_by_its_bytes_comes_again_with_the_same_records() {
    assignment = assigned(batchesOfBytes(10, Duration.ZERO), pause(TEN));
    receive(P0, 0, 1, 2);
    fail(take(), 0);
    pass(TEN);

    assertThat(offsets(take().records())).containsExactly(0L, 1L);
  }

  @Test
  void a_failed_batch_comes_again_with_the_same_records() {
    assignment = assigned(batches(5, Duration.ZERO), pause(TEN));
    receive(P0, 0, 1);
    fail(take(), 0);
    receive(P0, 2, 3);
    pass(TEN);

    Run retry = take();
    assertThat(offsets(retry.records())).containsExactly(0L, 1L);
    done(retry);
    assertThat(offsets(take().records())).containsExactly(2L, 3L);
  }

  @Test
  void a_state_tells_position_queue_and_pause() {
    receive(P0, 5, 6, 7);
    assertThat(state(P0))
        .isEqualTo(new PartitionState("orders", 0, -1, 3, false, 0, false, 0, List.of()));

    Run run = take();
    run.completed(1);
    assertThat(state(P0))
        .isEqualTo(new PartitionState("orders", 0, 6, 2, true, 0, false, 0, List.of()));

    fail(run, 1);
    assertThat(state(P0))
        .isEqualTo(
            new PartitionState(
                "orders",
                0,
                6,
                2,
                false,
                0,
                false,
                1,
                List.of(
                    new PartitionState.Pause(
                        6,
                        1,
                        START,
                        Optional.of(START.plus(TEN)),
                        "java.lang.IllegalStateException: boom"))));
  }

  @Test
  void records_of_a_partition_that_is_not_assigned_are_ignored() {
    assignment.drop(List.of(P0));
    receive(P0, 0);

    assertThat(assignment.take(now)).isEmpty();
    assertThat(assignment.names()).containsExactly(P1);
  }
}
