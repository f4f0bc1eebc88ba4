package io.drivetrain.tests.conformance;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.conformance.Scenarios.partition;
import static io.drivetrain.tests.conformance.Scenarios.seen;
import static io.drivetrain.tests.conformance.Scenarios.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.conformance.app.Consumers;
import io.drivetrain.tests.conformance.app.Recorder;
import io.drivetrain.tests.conformance.app.Seen;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A method with a list takes batches. */
interface BatchScenarios extends Scenarios {

  @Test
  default void a_batch_holds_consecutive_records_of_one_partition_up_to_its_size() {
    Topic topic = topic(2);
    List<String> values = IntStream.range(0, 100).mapToObj(i -> "v" + i).toList();
    topic.sendAll(0, values);
    topic.sendAll(1, values);

    try (Deployment app = deploy(reading(topic, Consumers.Batches.class).in("batch-size", "30"))) {
      for (int partition = 0; partition < 2; partition++) {
        int p = partition;
        eventually(() -> assertThat(values(app, p)).isEqualTo(values));
        for (Seen batch : seen(app, p)) {
          assertThat(batch.values()).hasSizeBetween(1, 30);
          assertThat(batch.lastOffset() - batch.firstOffset() + 1).isEqualTo(batch.values().size());
        }
      }
    }
  }

  @Test
  default void a_failed_batch_comes_again_whole_and_the_same_while_other_partitions_go_on() {
    Topic topic = topic(2);
    topic.sendAll(0, List.of("a", "fails", "c"));
    topic.sendAll(1, List.of("d"));

    try (Deployment app =
        deploy(reading(topic, Consumers.Batches.class).in("pause-timeout", "50ms"))) {
      eventually(() -> assertThat(seen(app, 0)).isNotEmpty());
      topic.sendAll(0, List.of("late"));
      topic.sendAll(1, List.of("e"));
      eventually(() -> assertThat(values(app, 1)).containsExactly("d", "e"));
      eventually(() -> assertThat(failed(app)).hasSizeGreaterThan(3));
      List<Seen> failed = failed(app);
      assertThat(failed).extracting(Seen::values).containsOnly(failed.get(0).values());
      assertThat(failed).extracting(Seen::attempt).startsWith(1, 2, 3);

      app.get(Recorder.class).heal();

      eventually(() -> assertThat(values(app, 0)).endsWith("late"));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 4L, 1, 2L)));
    }
  }

  private static List<Seen> failed(Deployment app) {
    return seen(app, 0).stream().filter(batch -> batch.values().contains("fails")).toList();
  }

  @Test
  default void a_failure_at_an_index_keeps_what_came_before_it() {
    Topic topic = topicOf("a", "b", "fails alone", "d");

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Batches.class)
                .in("batch-size", "4")
                .in("batch-wait", "10m")
                .in("pause-timeout", "50ms"))) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L)));
      assertThat(partition(app, 0).nextOffset()).isEqualTo(2);

      app.get(Recorder.class).heal();

      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 4L)));
      List<Seen> batches = seen(app, 0);
      assertThat(batches.get(0).values()).containsExactly("a", "b", "fails alone", "d");
      assertThat(batches.subList(1, batches.size()))
          .extracting(Seen::values)
          .containsOnly(List.of("fails alone", "d"));
    }
  }

  @Test
  default void an_incomplete_batch_comes_after_its_wait() {
    Topic topic = topicOf("a");

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Batches.class)
                .in("batch-size", "3")
                .in("batch-wait", "100ms"))) {
      eventually(() -> assertThat(values(app, 0)).containsExactly("a"));
    }
  }
}
