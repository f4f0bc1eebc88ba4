package io.drivetrain.tests.conformance;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.conformance.Scenarios.partition;
import static io.drivetrain.tests.conformance.Scenarios.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelState.Phase;
import io.drivetrain.connector.Channels;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.conformance.app.Consumers;
import io.drivetrain.tests.conformance.app.Recorder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What becomes of a record that fails and fails. */
interface StrategyScenarios extends Scenarios {

  private static Map<String, String> headers(ConsumerRecord<String, String> record) {
    Map<String, String> headers = new HashMap<>();
    record
        .headers()
        .forEach(
            header ->
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    return headers;
  }

  @Test
  default void a_record_given_up_goes_to_the_dead_letter_topic_and_the_next_one_follows() {
    Topic topic = topicOf("a");
    topic.send("key", "fails", Map.of("trace", "abc"));
    topic.send("key", "c");
    Topic dead = topic(1);

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Texts.class)
                .in("failure-strategy", "dead-letter-queue")
                .in("dead-letter-queue.topic", dead.name())
                .in("max-attempts", "3")
                .in("pause-timeout", "10ms"))) {
      eventually(() -> assertThat(values(app, 0)).endsWith("c"));
      assertThat(values(app, 0)).containsExactly("a", "fails", "fails", "fails", "c");
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L)));
      ConsumerRecord<String, String> letter = dead.records().get(0);
      assertThat(dead.records()).hasSize(1);
      assertThat(letter.key()).isEqualTo("key");
      assertThat(letter.value()).isEqualTo("fails");
      assertThat(headers(letter))
          .containsEntry("trace", "abc")
          .containsEntry("dead-letter-reason", "told to fail: fails")
          .containsEntry("dead-letter-topic", topic.name())
          .containsEntry("dead-letter-partition", "0")
          .containsEntry("dead-letter-offset", "1")
          .containsEntry("dead-letter-attempts", "3")
          .containsEntry("dead-letter-channel", "in")
          .containsEntry("dead-letter-group", topic.name());
    }
  }

  @Test
  default void what_cannot_be_decoded_becomes_a_dead_letter_byte_for_byte() {
    Topic topic = topic(1);
    topic.send("k", "{no json");
    topic.send("k", PayloadScenarios.ADA);
    Topic dead = topic(1);

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Orders.class)
                .in("failure-strategy", "dead-letter-queue")
                .in("dead-letter-queue.topic", dead.name()))) {
      eventually(() -> assertThat(values(app, 0)).containsExactly("ada"));
      assertThat(dead.values()).containsExactly("{no json");
    }
  }

  @Test
  default void a_dead_letter_that_cannot_be_stored_holds_its_record_until_it_can() {
    Topic topic = topicOf("fails", "b");
    String dead = topic.name() + "-dead";

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Texts.class)
                .in("failure-strategy", "dead-letter-queue")
                .in("dead-letter-queue.topic", dead)
                .in("dead-letter-queue.max.block.ms", "300")
                .in("pause-timeout", "10ms"))) {
      eventually(() -> assertThat(values(app, 0)).startsWith("fails", "fails"));
      assertThat(values(app, 0)).doesNotContain("b");
      assertThat(topic.committed(topic.name())).isEmpty();

      Topic created = broker().topic(dead, 1);

      eventually(() -> assertThat(values(app, 0)).endsWith("b"));
      assertThat(created.values()).containsExactly("fails");
    }
  }

  @Test
  default void a_failure_class_may_skip_the_attempts_or_the_dead_letter_topic() {
    Topic topic = topic(2);
    topic.sendAll(0, List.of("breaks 9 times", "b"));
    topic.sendAll(1, List.of("fails", "d"));
    Topic dead = topic(1);

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Texts.class)
                .in("failure-strategy", "dead-letter-queue")
                .in("dead-letter-queue.topic", dead.name())
                .in("max-attempts", "2")
                .in("dead-letter-on", "java.lang.AssertionError")
                .in("retry-on", "io.drivetrain.tests.conformance.app.RecorderBean$ToldToFail")
                .in("pause-timeout", "10ms"))) {
      eventually(() -> assertThat(values(app, 0)).containsExactly("breaks 9 times", "b"));
      eventually(() -> assertThat(values(app, 1)).hasSizeGreaterThan(4).containsOnly("fails"));
      assertThat(dead.values()).containsExactly("breaks 9 times");

      app.get(Recorder.class).heal();

      eventually(() -> assertThat(values(app, 1)).endsWith("fails", "d"));
    }
  }

  @Test
  default void an_ignored_record_is_skipped_after_its_attempts() {
    Topic topic = topicOf("fails", "b");

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Texts.class)
                .in("failure-strategy", "ignore")
                .in("max-attempts", "2")
                .in("pause-timeout", "10ms"))) {
      eventually(() -> assertThat(values(app, 0)).containsExactly("fails", "fails", "b"));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L)));
    }
  }

  @Test
  default void a_channel_told_to_fail_ends_says_why_and_commits_what_is_done() {
    Topic topic = topicOf("a", "fails", "c");

    try (Deployment app =
        deploy(reading(topic, Consumers.Texts.class).in("failure-strategy", "fail"))) {
      eventually(
          () -> assertThat(app.get(Channels.class).state("in").phase()).isEqualTo(Phase.DEAD));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 1L)));
      assertThat(app.health("live").up()).isFalse();
      assertThat(app.health("live").text()).contains("told to fail");
      assertThat(values(app, 0)).containsExactly("a", "fails");
    }
  }

  @Test
  default void a_delivery_that_takes_too_long_takes_liveness_down_and_may_be_interrupted() {
    Topic topic = topicOf("takes 60000 ms");

    try (Deployment app =
        deploy(
            reading(topic, Consumers.Texts.class)
                .in("processing-timeout", "500ms")
                .in("processing-timeout-action", "interrupt")
                .in("pause-timeout", "1h"))) {
      eventually(() -> assertThat(partition(app, 0).pause()).isPresent());
      PartitionState.Pause pause = partition(app, 0).pause().orElseThrow();
      assertThat(pause.failure()).contains("ProcessingTimeoutException", topic.name());
      eventually(() -> assertThat(app.health("live").up()).isTrue());
    }

    try (Deployment app =
        deploy(
            reading(topicOf("waits"), Consumers.Texts.class).in("processing-timeout", "500ms"))) {
      eventually(() -> assertThat(app.health("live").up()).isFalse());
      app.get(Recorder.class).release();
      eventually(() -> assertThat(app.health("live").up()).isTrue());
    }
  }
}
