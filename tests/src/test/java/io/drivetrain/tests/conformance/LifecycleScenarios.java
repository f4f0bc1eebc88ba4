package io.drivetrain.tests.conformance;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.conformance.Scenarios.offsets;
import static io.drivetrain.tests.conformance.Scenarios.partition;
import static io.drivetrain.tests.conformance.Scenarios.range;
import static io.drivetrain.tests.conformance.Scenarios.seen;
import static io.drivetrain.tests.conformance.Scenarios.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelState.Phase;
import io.drivetrain.connector.Channels;
import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.conformance.app.Consumers;
import io.drivetrain.tests.conformance.app.Producing;
import io.drivetrain.tests.conformance.app.StartGate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A channel starts, commits, is asked how it is, and stops. */
interface LifecycleScenarios extends Scenarios {

  @Test
  default void nothing_is_consumed_before_the_application_has_started() {
    Topic topic = topicOf("a");

    try (Deployment app =
        deploy(reading(topic, Consumers.Texts.class, StartGate.Condition.class))) {
      assertThat(app.get(Channels.class).state("in").phase()).isEqualTo(Phase.WAITING);
      assertThat(app.health("started").up()).isFalse();
      assertThat(app.health("started").text()).contains("the gate of the test");
      assertThat(seen(app)).isEmpty();

      app.get(StartGate.class).open();

      eventually(() -> assertThat(values(app, 0)).containsExactly("a"));
      eventually(() -> assertThat(app.health("started").up()).isTrue());
    }
  }

  @Test
  default void only_what_is_done_is_committed_and_a_restart_goes_on_there() {
    Topic topic = topic(2);
    topic.sendAll(0, List.of("a", "b", "fails", "d"));
    topic.sendAll(1, List.of("e", "f"));
    Application application = reading(topic, Consumers.Texts.class).in("pause-timeout", "1h");

    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L, 1, 2L)));
      eventually(() -> assertThat(partition(app, 0).pause()).isPresent());
    }
    assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L, 1, 2L));

    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(partition(app, 0).pause()).isPresent());
      assertThat(offsets(app, 0)).containsExactly(2L);
      assertThat(seen(app, 1)).isEmpty();
    }
  }

  @Test
  default void a_stop_finishes_the_record_in_hand_commits_it_and_begins_no_other() {
    Topic topic = topicOf("a", "takes 1000 ms", "c", "d");
    Application application =
        reading(topic, Consumers.Texts.class).in("auto.commit.interval.ms", "600000");

    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(seen(app, 0)).hasSizeGreaterThan(1));
    }

    // Where the stop itself was slow to come, more than the record in hand is done.
    long committed = topic.committed(topic.name()).get(0);
    assertThat(committed).isBetween(2L, 4L);
    topic.sendAll(0, List.of("e"));
    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(offsets(app, 0)).isEqualTo(range(committed, 5)));
    }
  }

  @Test
  default void a_record_that_outlasts_the_stop_is_not_committed_and_comes_again() {
    Topic topic = topicOf("a", "takes 20000 ms");
    Application application = reading(topic, Consumers.Texts.class).in("close-timeout", "100ms");

    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(offsets(app, 0)).containsExactly(0L, 1L));
    }
    assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 1L));

    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(offsets(app, 0)).containsExactly(1L));
    }
  }

  @Test
  default void a_bean_is_destroyed_after_its_last_record_and_may_still_send() {
    Topic topic = topicOf("a", "b", "c");
    Topic target = topic(1);

    try (Deployment app = deploy(reading(topic, Producing.Farewell.class).writing("out", target))) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L)));
    }

    assertThat(target.values()).containsExactly("goodbye after 2");
  }

  @Test
  default void a_method_slower_than_the_poll_interval_keeps_its_partition() {
    Topic topic = topicOf("a", "takes 3000 ms", "c");

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Texts.class)
                .in("max.poll.interval.ms", "1000")
                .in("session.timeout.ms", "6000"))) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L)));
      assertThat(values(app, 0)).containsExactly("a", "takes 3000 ms", "c");
    }
  }

  @Test
  default void health_shows_a_paused_partition_and_stays_up() {
    Topic topic = topicOf("fails");

    try (Deployment app = deploy(reading(topic, Consumers.Texts.class).in("pause-timeout", "1h"))) {
      eventually(() -> assertThat(partition(app, 0).pause()).isPresent());
      eventually(() -> assertThat(app.health("ready").up()).isTrue());
      assertThat(app.health("started").up()).isTrue();
      assertThat(app.health("live").up()).isTrue();
      assertThat(app.health("ready").text()).contains("drivetrain-channels", topic.name());
    }
  }
}
