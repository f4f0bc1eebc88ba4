package io.drivetrain.connector.internal.assignment;

import static io.drivetrain.connector.internal.assignment.Records.batches;
import static io.drivetrain.connector.internal.assignment.Records.offsets;
import static io.drivetrain.connector.internal.assignment.Records.pause;
import static io.drivetrain.connector.internal.assignment.Records.records;
import static io.drivetrain.connector.internal.assignment.Records.single;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.drivetrain.connector.internal.policy.HandOver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Partitions of the same number in two topics have nothing to do with each other. */
class TwoTopicsTest {
  private static final Duration TEN = Duration.ofSeconds(10);
  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
  private static final TopicPartition REFUNDS = new TopicPartition("refunds", 0);

  private final Assignment assignment = assigned(single());

  private static Assignment assigned(HandOver handOver) {
    Assignment assignment = new Assignment(handOver, pause(TEN));
    assignment.assign(List.of(ORDERS, REFUNDS), Map.of(), 0);
    return assignment;
  }

  private static void receive(Assignment by, TopicPartition partition, long... offsets) {
    by.received(partition, records(partition, offsets), 10L * offsets.length, 0);
  }

  private static Run take(Assignment from, TopicPartition expected) {
    Run run = from.take(0).orElseThrow();
    assertThat(run.partition()).isEqualTo(expected);
    return run;
  }

  private void fail(Run run) {
    assignment.failed(run, run.size(), new IllegalStateException("boom"), 0, Instant.EPOCH);
  }

  @Test
  void a_failure_pauses_the_partition_of_its_topic_alone() {
    receive(assignment, ORDERS, 0);
    receive(assignment, REFUNDS, 0);
    fail(take(assignment, ORDERS));

    assertThat(assignment.fetchPaused()).containsExactly(ORDERS);
    assertThat(take(assignment, REFUNDS).attempt(0)).isEqualTo(1);
    assertThat(assignment.take(0)).isEmpty();
  }

  @Test
  void a_resume_leaves_the_other_paused() {
    receive(assignment, ORDERS, 0);
    receive(assignment, REFUNDS, 0);
    fail(take(assignment, ORDERS));
    fail(take(assignment, REFUNDS));

    assertThat(assignment.resume(REFUNDS, 0)).isTrue();

    Run resumed = take(assignment, REFUNDS);
    assertThat(assignment.take(0)).isEmpty();
    resumed.completed(1);
    assignment.returned(resumed, 0);
    assertThat(assignment.fetchPaused()).containsExactly(ORDERS);
  }

  @Test
  void a_batch_holds_records_of_one_topic_and_each_is_committed_by_itself() {
    Assignment batching = assigned(batches(10, Duration.ZERO));
    receive(batching, ORDERS, 0, 1);
    receive(batching, REFUNDS, 0, 1, 2);

    for (TopicPartition partition : List.of(ORDERS, REFUNDS)) {
      Run run = take(batching, partition);
      assertThat(offsets(run.records())).hasSize(partition == ORDERS ? 2 : 3);
      run.completed(run.size());
      batching.returned(run, 0);
    }

    assertThat(
            batching.toCommit(batching.names()).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, at -> at.getValue().offset())))
        .containsOnly(entry(ORDERS, 2L), entry(REFUNDS, 3L));
  }
}
