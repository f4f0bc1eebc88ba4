package io.drivetrain.tests.conformance;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.conformance.Scenarios.offsets;
import static io.drivetrain.tests.conformance.Scenarios.partition;
import static io.drivetrain.tests.conformance.Scenarios.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Channels;
import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.conformance.app.Consumers;
import io.drivetrain.tests.conformance.app.Measured;
import io.drivetrain.tests.conformance.app.Recorder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody watches a channel and intervenes; and keys that are ordered for themselves. */
interface OperatingScenarios extends Scenarios {

  private static Channels channels(Deployment app) {
    return app.get(Channels.class);
  }

  @Test
  default void with_ordering_by_key_a_failing_record_holds_up_its_key_alone() {
    Topic topic = topic(1);
    topic.send(0, "a", "fails");
    topic.send(0, "b", "b1");
    topic.send(0, "a", "a2");
    topic.send(0, "b", "b2");

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Texts.class)
                .in("ordering", "key")
                .in("concurrency", "2")
                .in("pause-timeout", "1h"))) {
      eventually(() -> assertThat(partition(app, 0).ahead()).isEqualTo(2));
      eventually(() -> assertThat(partition(app, 0).pause()).isPresent());
      assertThat(values(app, 0))
          .containsExactlyInAnyOrder("fails", "b1", "b2")
          .containsSubsequence("b1", "b2");

      app.get(Recorder.class).heal();
      channels(app).resume("in", topic.name(), 0);

      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 4L)));
      assertThat(values(app, 0)).hasSize(5).endsWith("fails", "a2");
    }
  }

  @Test
  default void a_partition_that_somebody_pauses_gets_nothing_until_he_resumes_it() {
    Topic topic = topic(2);

    try (Deployment app = deploy(reading(topic, Consumers.Texts.class))) {
      eventually(() -> assertThat(Scenarios.assigned(app)).isEqualTo(2));
      channels(app).pause("in", topic.name(), 0);
      topic.sendAll(0, List.of("a"));
      topic.sendAll(1, List.of("b"));

      eventually(() -> assertThat(values(app, 1)).containsExactly("b"));
      assertThat(partition(app, 0).paused()).isTrue();
      assertThat(values(app, 0)).isEmpty();

      channels(app).resume("in", topic.name(), 0);
      eventually(() -> assertThat(values(app, 0)).containsExactly("a"));
    }
  }

  @Test
  default void a_record_that_fails_for_ever_is_skipped_by_hand() {
    Topic topic = topicOf("a", "fails", "c");

    try (Deployment app = deploy(reading(topic, Consumers.Texts.class).in("pause-timeout", "-1"))) {
      eventually(() -> assertThat(partition(app, 0).pause()).isPresent());

      assertThat(channels(app).skip("in", topic.name(), 0)).isEqualTo(1);

      eventually(() -> assertThat(values(app, 0)).containsExactly("a", "fails", "c"));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L)));
    }
  }

  @Test
  default void a_partition_is_moved_back_and_forth() {
    Topic topic = topicOf("a", "b", "c");

    try (Deployment app = deploy(reading(topic, Consumers.Texts.class))) {
      eventually(() -> assertThat(partition(app, 0).nextOffset()).isEqualTo(3));

      assertThat(channels(app).seek("in", topic.name(), 0, 1)).isEqualTo(1);
      eventually(() -> assertThat(offsets(app, 0)).containsExactly(0L, 1L, 2L, 1L, 2L));

      channels(app).pause("in");
      topic.sendAll(0, List.of("d"));
      assertThat(channels(app).seekToEnd("in", topic.name(), 0)).isEqualTo(4);
      topic.sendAll(0, List.of("e"));
      channels(app).resume("in");
      eventually(() -> assertThat(offsets(app, 0)).containsExactly(0L, 1L, 2L, 1L, 2L, 4L));
    }
  }

  @Test
  default void what_the_kafka_client_measures_is_there_for_programs() {
    Topic topic = topicOf("a", "b", "c");

    try (Deployment app = deploy(reading(topic, Consumers.Texts.class, Measured.Bean.class))) {
      eventually(() -> assertThat(app.get(Measured.class).consumed()).isEqualTo(3));
    }
  }

  @Test
  default void a_file_says_that_the_application_lives_until_it_stops(@TempDir Path directory) {
    Path file = directory.resolve("app.live");

    try (Deployment app =
        deploy(
            reading(topic(1), Consumers.Texts.class)
                .with("drivetrain.health.liveness-file", file.toString()))) {
      eventually(() -> assertThat(file).content().contains("in "));
    }

    assertThat(file).doesNotExist();
  }
}
