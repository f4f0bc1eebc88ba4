package io.drivetrain.tests.conformance;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.conformance.Scenarios.offsets;
import static io.drivetrain.tests.conformance.Scenarios.partition;
import static io.drivetrain.tests.conformance.Scenarios.seen;
import static io.drivetrain.tests.conformance.Scenarios.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.conformance.app.Consumers;
import io.drivetrain.tests.conformance.app.Recorder;
import io.drivetrain.tests.conformance.app.Seen;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** One channel and its topics, partitions and workers. */
interface SubscriptionScenarios extends Scenarios {

  @Test
  default void a_channel_reads_several_topics_and_commits_each() {
    Topic one = topicOf("a");
    Topic two = topicOf("b");
    Application application =
        Application.of(broker(), Consumers.Texts.class)
            .in("connector", "drivetrain")
            .in("topics", one.name() + "," + two.name())
            .in("group.id", one.name())
            .in("auto.commit.interval.ms", "100");

    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(values(app, 0)).containsExactlyInAnyOrder("a", "b"));
      eventually(() -> assertThat(one.committed(one.name())).isEqualTo(Map.of(0, 1L)));
      eventually(() -> assertThat(two.committed(one.name())).isEqualTo(Map.of(0, 1L)));
    }
  }

  @Test
  default void a_channel_reads_every_topic_whose_name_matches_and_tells_them_apart() {
    Topic one = topicOf("fails");
    Topic two = broker().topic(one.name() + "-two", 1);
    two.sendAll(0, List.of("b"));
    Application application =
        Application.of(broker(), Consumers.Texts.class)
            .in("connector", "drivetrain")
            .in("pattern", Pattern.quote(one.name()) + ".*")
            .in("group.id", one.name())
            .in("auto.commit.interval.ms", "100")
            .in("pause-timeout", "1h");

    // Partition 0 of one topic fails; partition 0 of the other one goes on.
    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(values(app, 0)).containsExactlyInAnyOrder("fails", "b"));
      eventually(() -> assertThat(two.committed(one.name())).isEqualTo(Map.of(0, 1L)));
      assertThat(one.committed(one.name())).isEmpty();
    }
  }

  @Test
  default void a_flood_in_one_topic_does_not_starve_another() {
    Topic flood = topic(1);
    flood.sendAll(0, Collections.nCopies(1_000, "takes 1 ms"));
    Topic quiet = topicOf("quiet");
    Application application =
        Application.of(broker(), Consumers.Texts.class)
            .in("connector", "drivetrain")
            .in("topics", flood.name() + "," + quiet.name())
            .in("group.id", flood.name());

    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(values(app, 0)).contains("quiet"));
      assertThat(values(app, 0).indexOf("quiet")).isLessThan(500);
    }
  }

  @Test
  default void memory_behind_a_paused_partition_is_bounded_and_others_flow() {
    Topic topic = topic(2);
    topic.sendAll(0, List.of("fails"));
    topic.sendAll(0, Collections.nCopies(2_000, "behind"));
    topic.sendAll(1, Collections.nCopies(2_000, "flows"));

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Texts.class)
                .in("pause-timeout", "1h")
                .in("queue-records", "100")
                .in("max.poll.records", "50"))) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(1, 2_000L)));
      // A paused partition is fetched no more, so it may be as few as the first poll brought.
      eventually(() -> assertThat(partition(app, 0).queued()).isPositive());
      topic.sendAll(1, Collections.nCopies(2_000, "flows"));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(1, 4_000L)));
      assertThat(partition(app, 0).queued()).isLessThanOrEqualTo(150);
    }
  }

  @Test
  default void workers_run_at_the_same_time_one_per_partition() {
    Topic topic = topic(3);
    for (int partition = 0; partition < 3; partition++) {
      topic.sendAll(partition, List.of("waits", "b", "c"));
    }

    try (Deployment app = deploy(reading(topic, Consumers.Texts.class).in("concurrency", "3"))) {
      // Nobody is released before all three are in the method.
      eventually(
          () ->
              assertThat(seen(app)).extracting(Seen::partition).containsExactlyInAnyOrder(0, 1, 2));

      app.get(Recorder.class).release();

      for (int partition = 0; partition < 3; partition++) {
        int p = partition;
        eventually(() -> assertThat(offsets(app, p)).containsExactly(0L, 1L, 2L));
      }
    }
  }
}
