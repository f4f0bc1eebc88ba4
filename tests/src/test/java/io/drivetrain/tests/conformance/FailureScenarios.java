package io.drivetrain.tests.conformance;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.conformance.Scenarios.offsets;
import static io.drivetrain.tests.conformance.Scenarios.partition;
import static io.drivetrain.tests.conformance.Scenarios.seen;
import static io.drivetrain.tests.conformance.Scenarios.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.Channels;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.conformance.app.Clock;
import io.drivetrain.tests.conformance.app.Consumers;
import io.drivetrain.tests.conformance.app.Heard;
import io.drivetrain.tests.conformance.app.MovedClock;
import io.drivetrain.tests.conformance.app.Recorder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A record fails: its partition pauses, backs off, and goes on with that record. */
interface FailureScenarios extends Scenarios {

  @Test
  default void a_failing_record_pauses_only_its_partition_and_comes_first_when_the_pause_is_over() {
    Topic topic = topic(2);
    topic.sendAll(0, List.of("a", "fails", "c"));
    topic.sendAll(1, List.of("d", "e", "f"));

    try (Deployment app =
        deploy(reading(topic, Consumers.Texts.class).in("pause-timeout", "50ms"))) {
      eventually(() -> assertThat(values(app, 1)).containsExactly("d", "e", "f"));
      eventually(() -> assertThat(values(app, 0)).startsWith("a", "fails", "fails", "fails"));
      assertThat(values(app, 0)).doesNotContain("c");

      app.get(Recorder.class).heal();

      eventually(() -> assertThat(values(app, 0)).endsWith("fails", "c"));
      assertThat(values(app, 0).stream().distinct()).containsExactly("a", "fails", "c");
    }
  }

  @Test
  default void a_pause_lasts_ten_seconds_unless_set_and_shows_what_failed() {
    Topic topic = topicOf("fails");

    try (Deployment app = deploy(reading(topic, Consumers.Texts.class))) {
      eventually(() -> assertThat(partition(app, 0).pause()).isPresent());
      PartitionState.Pause pause = partition(app, 0).pause().orElseThrow();
      assertThat(pause.resumeAt()).contains(pause.since().plusSeconds(10));
      assertThat(pause.offset()).isZero();
      assertThat(pause.attempt()).isEqualTo(1);
      assertThat(pause.failure()).contains("ToldToFail", "told to fail: fails");
    }
  }

  @Test
  default void a_pause_of_0_redelivers_at_once() {
    Topic topic = topic(2);
    topic.sendAll(0, List.of("fails 20 times", "b"));
    topic.sendAll(1, List.of("c", "d"));

    try (Deployment app = deploy(reading(topic, Consumers.Texts.class).in("pause-timeout", "0"))) {
      eventually(() -> assertThat(values(app, 0)).hasSize(22).endsWith("fails 20 times", "b"));
      eventually(() -> assertThat(values(app, 1)).containsExactly("c", "d"));
    }
  }

  @Test
  default void a_pause_of_minus_1_ends_when_somebody_resumes_it() {
    Topic topic = topicOf("fails 1 times", "b");

    try (Deployment app = deploy(reading(topic, Consumers.Texts.class).in("pause-timeout", "-1"))) {
      eventually(() -> assertThat(partition(app, 0).pause()).isPresent());
      assertThat(partition(app, 0).pause().orElseThrow().resumeAt()).isEmpty();
      assertThat(values(app, 0)).containsExactly("fails 1 times");

      app.get(Channels.class).resume("in", topic.name(), 0);

      eventually(
          () -> assertThat(values(app, 0)).containsExactly("fails 1 times", "fails 1 times", "b"));
    }
  }

  @Test
  default void a_pause_of_minus_1_ends_with_a_restart() {
    Topic topic = topicOf("a", "fails 1 times", "c");
    Application application = reading(topic, Consumers.Texts.class).in("pause-timeout", "-1");
    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(partition(app, 0).pause()).isPresent());
    }

    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(partition(app, 0).pause()).isPresent());
      assertThat(values(app, 0)).containsExactly("fails 1 times");
      assertThat(seen(app, 0).get(0).attempt()).isEqualTo(1);
    }
  }

  @Test
  default void pauses_double_up_to_the_maximum_and_end_exactly_when_they_should() {
    Topic topic = topic(2);
    topic.sendAll(0, List.of("fails 4 times"));

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Texts.class, MovedClock.class)
                .in("pause-timeout", "10s")
                .in("pause-with-exponential-backoff", "true")
                .in("max-pause-timeout", "30s"))) {
      Clock clock = app.get(Clock.class);
      int failures = 0;
      for (int seconds : new int[] {10, 20, 30, 30}) {
        int attempt = ++failures;
        eventually(
            () ->
                assertThat(partition(app, 0).pause())
                    .hasValueSatisfying(pause -> assertThat(pause.attempt()).isEqualTo(attempt)));
        PartitionState.Pause pause = partition(app, 0).pause().orElseThrow();
        assertThat(pause.resumeAt()).contains(pause.since().plusSeconds(seconds));

        clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
        somethingElseIsDelivered(app, topic);
        assertThat(seen(app, 0)).hasSize(attempt);
        clock.advance(Duration.ofMillis(1));
      }
      eventually(() -> assertThat(seen(app, 0)).hasSize(5));
    }
  }

  /** Proves that the channel has looked at the clock since it was moved. */
  private static void somethingElseIsDelivered(Deployment app, Topic topic) {
    int before = seen(app, 1).size();
    topic.send(1, null, "else");
    eventually(() -> assertThat(seen(app, 1)).hasSizeGreaterThan(before));
  }

  @Test
  default void attempts_grow_with_each_failure_and_begin_anew_with_the_next_record() {
    Topic topic = topicOf("a", "fails 3 times", "fails 1 times", "d");

    try (Deployment app =
        deploy(reading(topic, Consumers.Texts.class).in("pause-timeout", "10ms"))) {
      eventually(() -> assertThat(values(app, 0)).endsWith("d"));
      assertThat(seen(app, 0).stream().map(seen -> seen.firstOffset() + "/" + seen.attempt()))
          .containsExactly("0/1", "1/1", "1/2", "1/3", "1/4", "2/1", "2/2", "3/1");
    }
  }

  @Test
  default void an_error_is_a_failure_too_and_does_not_end_the_channel() {
    Topic topic = topicOf("breaks 1 times", "b");

    try (Deployment app =
        deploy(reading(topic, Consumers.Texts.class).in("pause-timeout", "10ms"))) {
      eventually(() -> assertThat(offsets(app, 0)).containsExactly(0L, 0L, 1L));
    }
  }

  @Test
  default void listeners_hear_the_failure_the_pause_and_its_end_and_may_fail_themselves() {
    Topic topic = topicOf("fails 1 times", "b");

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Texts.class, Heard.Listener.class, Heard.Broken.class)
                .in("pause-timeout", "50ms"))) {
      eventually(() -> assertThat(values(app, 0)).endsWith("b"));
      assertThat(app.get(Heard.class).events())
          .containsSubsequence(
              "assigned 1",
              "failed at 0 attempt 1: told to fail: fails 1 times",
              "paused for 50 ms",
              "resumed");
    }
  }

  @Test
  default void an_operation_on_a_channel_that_does_not_exist_is_refused_with_those_that_do() {
    try (Deployment app = deploy(reading(topic(1), Consumers.Texts.class))) {
      assertThatThrownBy(() -> app.get(Channels.class).resume("inn", "t", 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("inn", "in");
    }
  }

  @Test
  default void settings_that_cannot_be_are_refused_with_key_value_and_what_is_allowed() {
    Topic topic = topic(1);
    String key = "mp.messaging.incoming.in.";

    assertThat(runtime().refusal(reading(topic, Consumers.Texts.class).in("pause-timeout", "10x")))
        .contains(key + "pause-timeout", "'10x'", "10s");
    assertThat(runtime().refusal(reading(topic, Consumers.Texts.class).in("pause-timout", "10s")))
        .contains(key + "pause-timout", "pause-timeout");
  }
}
