package io.drivetrain.connector.internal.assignment;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.offsets;
import static io.drivetrain.connector.internal.assignment.Records.pause;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.PartitionState;
import io.drivetrain.connector.internal.policy.HandOver;
import io.drivetrain.connector.internal.policy.Ordering;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/** One partition with order per key; records are written as their keys. */
class KeyOrderTest {
  private static final Duration TEN = Duration.ofSeconds(10);
  private static final RuntimeException BOOM = new IllegalStateException("boom");

  private Assignment assignment = assigned(single());
  private long now;

  private static HandOver single() {
    return new HandOver(Ordering.KEY, false, 512, Long.MAX_VALUE, 0, 1_000, 1_000_000);
  }

  private static HandOver batches(int size, Duration wait) {
    return new HandOver(Ordering.KEY, true, size, Long.MAX_VALUE, wait.toNanos(), 1_000, 1_000_000);
  }

  private static Assignment assigned(HandOver handOver) {
    Assignment assignment = new Assignment(handOver, pause(TEN));
    assignment.assign(List.of(P0), Map.of(), 0);
    return assignment;
  }

  /** Receives records with these keys; a dash is no key. */
  private void receive(long firstOffset, String... keys) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < keys.length; i++) {
      records.add(Records.record(P0, firstOffset + i, keys[i].equals("-") ? null : keys[i]));
    }
    assignment.received(P0, records, 5L * keys.length, now);
  }

  private Run take() {
    return assignment.take(now).orElseThrow();
  }

  private void done(Run run) {
    run.completed(run.size());
    assignment.returned(run, now);
  }

  private void fail(Run run) {
    assignment.failed(run, run.size(), BOOM, now, Instant.EPOCH);
  }

  private void doAll() {
    assignment
        .take(now)
        .ifPresent(
            run -> {
              done(run);
              doAll();
            });
  }

  private OffsetAndMetadata commit() {
    OffsetAndMetadata offset = assignment.toCommit(List.of(P0)).get(P0);
    assignment.committed(assignment.toCommit(List.of(P0)));
    return offset;
  }

  private void moveAwayAndBack(OffsetAndMetadata committed) {
    assignment.drop(List.of(P0));
    assignment.assign(List.of(P0), Map.of(P0, committed), now);
  }

  private PartitionState state() {
    return assignment.states().get(0);
  }

  @Test
  void different_keys_are_in_flight_at_once_and_the_same_key_never_is() {
    receive(0, "a", "b", "a", "c");

    assertThat(offsets(take().records())).containsExactly(0L, 2L);
    assertThat(offsets(take().records())).containsExactly(1L);
    receive(4, "a", "b");
    assertThat(offsets(take().records())).containsExactly(3L);
    assertThat(assignment.take(now)).isEmpty();
  }

  @Test
  void records_without_a_key_are_in_order_among_themselves() {
    receive(0, "-", "a", "-");

    Run keyless = take();
    assertThat(offsets(keyless.records())).containsExactly(0L, 2L);
    receive(3, "-");
    take();
    assertThat(assignment.take(now)).isEmpty();
    done(keyless);
    assertThat(offsets(take().records())).containsExactly(3L);
  }

  @Test
  void a_failing_record_holds_up_its_key_and_no_other() {
    receive(0, "a", "b", "a");
    fail(take());
    doAll();
    receive(3, "b", "a");

    assertThat(offsets(take().records())).containsExactly(3L);
    assertThat(assignment.take(now)).isEmpty();
    assertThat(assignment.fetchPaused()).isEmpty();

    now += TEN.toNanos();
    Run retry = take();
    assertThat(offsets(retry.records())).containsExactly(0L, 2L, 4L);
    assertThat(retry.attempt(0)).isEqualTo(2);
    assertThat(retry.attempt(1)).isEqualTo(1);
  }

  @Test
  void a_commit_stores_only_what_is_done_without_a_gap() {
    receive(0, "a", "b", "c", "b");
    Run a = take();
    doAll();
    assertThat(commit().offset()).isZero();
    assertThat(state().ahead()).isEqualTo(3);

    done(a);
    OffsetAndMetadata committed = commit();
    assertThat(committed.offset()).isEqualTo(4);
    assertThat(committed.metadata()).isEmpty();
    assertThat(committed.leaderEpoch()).contains(7);
    assertThat(state().ahead()).isZero();
  }

  @Test
  void nothing_done_is_nothing_to_commit() {
    receive(0, "a", "b");
    fail(take());

    assertThat(assignment.toCommit(List.of(P0))).isEmpty();
  }

  @Test
  void what_is_done_ahead_is_committed_though_the_offset_stands_and_only_when_it_changes() {
    receive(0, "a", "b");
    fail(take());
    done(take());
    OffsetAndMetadata first = commit();
    assertThat(assignment.toCommit(List.of(P0))).isEmpty();

    receive(2, "b");
    done(take());
    OffsetAndMetadata second = commit();
    assertThat(second.offset()).isEqualTo(first.offset());
    assertThat(second.metadata()).isNotEqualTo(first.metadata());
  }

  @Test
  void what_a_lane_has_done_of_its_run_is_committed_without_waiting_for_the_rest() {
    receive(0, "a", "b", "b");
    fail(take());
    Run run = take();
    run.completed(1);
    moveAwayAndBack(commit());
    receive(0, "a", "b", "b");

    now += TEN.toNanos();
    assertThat(offsets(take().records())).containsExactly(2L);
    assertThat(offsets(take().records())).containsExactly(0L);
  }

  @Test
  void what_was_done_ahead_does_not_come_again_after_a_rebalance() {
    receive(0, "a", "b", "a", "c");
    fail(take());
    doAll();
    moveAwayAndBack(commit());
    receive(0, "a", "b");
    OffsetAndMetadata halfWay = commit();
    assertThat(OffsetMetadata.decode(P0, 0, halfWay.metadata()).contains(3)).isTrue();
    receive(2, "a", "c", "c");

    assertThat(offsets(take().records())).containsExactly(4L);
    now += TEN.toNanos();
    Run retry = take();
    assertThat(offsets(retry.records())).containsExactly(0L, 2L);
    assertThat(retry.attempt(0)).isEqualTo(2);
    done(retry);
    assertThat(commit().offset()).isEqualTo(4);
  }

  @Test
  void what_was_done_ahead_means_nothing_where_the_consumer_began_earlier() {
    receive(10, "a", "b");
    fail(take());
    done(take());
    moveAwayAndBack(commit());
    // Somebody reset the group, or the topic was made anew.
    receive(0, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "b");

    now += TEN.toNanos();
    doAll();
    assertThat(commit().offset()).isEqualTo(12);
  }

  @Test
  void a_failure_is_forgotten_when_its_key_has_gone_back() {
    receive(0, "a", "a", "b");
    Run run = take();
    run.completed(1);
    assignment.failed(run, 1, BOOM, now, Instant.EPOCH);
    // Lost: nothing was committed.
    assignment.drop(List.of(P0));
    assignment.assign(List.of(P0), Map.of(), now);
    receive(0, "a", "a", "b");

    Run again = take();
    assertThat(offsets(again.records())).containsExactly(0L, 1L);
    assertThat(again.attempt(0)).isEqualTo(1);
  }

  @Test
  void a_blocked_key_stops_the_fetching_when_what_lies_behind_it_is_as_much_as_memory_may_hold() {
    assignment = assigned(new HandOver(Ordering.KEY, false, 512, Long.MAX_VALUE, 0, 6, 1_000_000));
    receive(0, "a", "b", "c");
    fail(take());
    doAll();
    assertThat(assignment.fetchPaused()).isEmpty();
    receive(3, "b", "c", "d");
    doAll();
    assertThat(assignment.fetchPaused()).containsExactly(P0);

    now += TEN.toNanos();
    done(take());
    assertThat(assignment.fetchPaused()).isEmpty();
  }

  @Test
  void records_in_memory_stop_the_fetching_by_their_bytes() {
    assignment = assigned(new HandOver(Ordering.KEY, false, 512, Long.MAX_VALUE, 0, 1_000, 15));
    receive(0, "a", "b", "c");
    assertThat(assignment.fetchPaused()).containsExactly(P0);

    take();
    done(take());
    done(take());
    assertThat(assignment.fetchPaused()).isEmpty();
  }

  @Test
  void a_batch_holds_records_of_one_key() {
    assignment = assigned(batches(2, Duration.ZERO));
    receive(0, "a", "b", "a", "a", "b");

    assertThat(offsets(take().records())).containsExactly(0L, 2L);
    assertThat(offsets(take().records())).containsExactly(1L, 4L);
    assertThat(assignment.take(now)).isEmpty();
  }

  @Test
  void an_incomplete_batch_of_a_key_waits_and_a_complete_one_does_not() {
    assignment = assigned(batches(2, Duration.ofSeconds(1)));
    receive(0, "a", "b", "b");

    assertThat(offsets(take().records())).containsExactly(1L, 2L);
    assertThat(assignment.take(now)).isEmpty();
    assertThat(assignment.waitNanos(now)).isEqualTo(Duration.ofSeconds(1).toNanos());
    receive(3, "a");
    assertThat(offsets(take().records())).containsExactly(0L, 3L);
  }

  @Test
  void batches_do_not_wait_for_records_that_memory_has_no_room_for() {
    assignment =
        assigned(new HandOver(Ordering.KEY, true, 5, Long.MAX_VALUE, TEN.toNanos(), 4, 1_000_000));
    receive(0, "a", "b", "c");
    assertThat(assignment.take(now)).isEmpty();
    receive(3, "d");

    assertThat(offsets(take().records())).containsExactly(0L);
    assertThat(offsets(take().records())).containsExactly(1L);
  }

  @Test
  void keys_take_turns() {
    assignment =
        assigned(new HandOver(Ordering.KEY, false, 1, Long.MAX_VALUE, 0, 1_000, 1_000_000));
    receive(0, "a", "a", "a", "b");

    for (long expected : new long[] {0, 3, 1, 2}) {
      Run run = take();
      assertThat(offsets(run.records())).containsExactly(expected);
      done(run);
    }
  }

  @Test
  void a_state_shows_every_key_that_pauses_the_lowest_offset_first() {
    receive(0, "a", "b", "c");
    Run a = take();
    fail(take());
    fail(a);

    assertThat(state().failing()).isEqualTo(2);
    assertThat(state().pauses()).extracting(PartitionState.Pause::offset).containsExactly(0L, 1L);
    assertThat(state().pause().orElseThrow().offset()).isZero();
    assertThat(state().queued()).isEqualTo(3);
  }

  @Test
  void a_resume_ends_the_pauses_of_all_keys() {
    receive(0, "a", "b");
    fail(take());
    fail(take());
    assertThat(assignment.take(now)).isEmpty();

    assertThat(assignment.resume(P0, now)).isTrue();
    take();
    assertThat(assignment.take(now)).isPresent();
  }

  @Test
  void offsets_with_gaps_are_done_without_a_gap() {
    receive(0, "a", "b");
    receive(7, "c");
    receive(9, "a");
    Run first = take();
    doAll();
    OffsetAndMetadata committed = commit();
    assertThat(OffsetMetadata.decode(P0, 0, committed.metadata()))
        .isEqualTo(new DoneOffsets.Builder(0).add(1, 8).build());

    done(first);
    assertThat(commit().offset()).isEqualTo(10);
    assertThat(Optional.ofNullable(assignment.toCommit(List.of(P0)).get(P0))).isEmpty();
  }
}
