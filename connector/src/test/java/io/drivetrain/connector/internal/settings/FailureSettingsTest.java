package io.drivetrain.connector.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.internal.MapConfig;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.FailurePolicy.Strategy;
import io.drivetrain.schema.partitioning.LibrdkafkaPartitioner;
import io.drivetrain.schema.settings.SettingsException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureSettingsTest {
  private static final String KEY = "mp.messaging.incoming.orders.";

  private static IncomingSettings with(String... keysAndValues) {
    MapConfig channel =
        MapConfig.of("topic", "orders", "group.id", "shop", "bootstrap.servers", "broker:9092");
    return IncomingSettings.read(
        "orders", channel.and(keysAndValues), MapConfig.of(), Optional::empty);
  }

  private static FailurePolicy policy(String... keysAndValues) {
    return with(keysAndValues).failurePolicy();
  }

  @Test
  void a_channel_pauses_unless_told_otherwise() {
    assertThat(policy().strategy()).isEqualTo(Strategy.PAUSE);
  }

  @ParameterizedTest
  @CsvSource({"dead-letter-queue, DEAD_LETTER_QUEUE", "ignore, IGNORE", "fail, FAIL"})
  void other_strategies_take_over_at_the_first_failure_unless_told_otherwise(
      String text, Strategy strategy) {
    assertThat(policy("failure-strategy", text).strategy()).isEqualTo(strategy);
    assertThat(policy("failure-strategy", text).maxAttempts()).isEqualTo(1);
    assertThat(policy("failure-strategy", text, "max-attempts", "5").maxAttempts()).isEqualTo(5);
    assertThat(policy("failure-strategy", text, "max-attempts", "-1").maxAttempts())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void exception_classes_are_given_by_name() {
    FailurePolicy policy =
        policy(
            "failure-strategy", "dead-letter-queue",
            "retry-on", "java.io.IOException, java.lang.Error",
            "dead-letter-on", "java.lang.IllegalArgumentException");

    assertThat(policy.classes().retried())
        .containsExactlyInAnyOrder("java.io.IOException", "java.lang.Error");
    assertThat(policy.classes().atOnce()).containsExactly("java.lang.IllegalArgumentException");
  }

  @Test
  void a_class_that_the_application_does_not_see_counts_by_its_name() {
    assertThat(
            policy("failure-strategy", "ignore", "retry-on", "org.example.HiddenException")
                .classes()
                .retried())
        .containsExactly("org.example.HiddenException");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dead-letter-queue | max-attempts   | 0           | a whole number from 1, or -1",
        "dead-letter-queue | max-attempts   | many        | a whole number from 1, or -1",
        "pause             | max-attempts   | 3           | only with failure-strategy=dead-letter",
        "pause             | retry-on       | a.B         | only with failure-strategy=dead-letter",
        "ignore            | dead-letter-on | a.B         | only with failure-strategy=dead-letter",
        "ignore            | retry-on       | IOException | exception classes with their packages",
        "ignore            | retry-on       | a.b c       | exception classes with their packages",
        "ignore            | retry-on       | java.lang.String | exception classes; this class is",
        "dead-letter-queue | dead-letter-queue.topic | a b    | the name of a topic",
        "dead-letter-queue | dead-letter-queue.topic | orders | does not read itself; it reads",
        "dead-letter-queue | dead-letter-queue.acks  | 1      | all or nothing",
        "dead-letter-queue | dead-letter-queue.transactional.id | t | nothing: dead letters",
      })
  void a_mistake_is_refused_with_what_is_allowed(
      String strategy, String key, String value, String expected) {
    assertThatThrownBy(() -> with("failure-strategy", strategy, key, value))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(KEY + key + " is '" + value + "'; expected ")
        .hasMessageContaining(expected);
  }

  @Test
  void a_class_cannot_be_retried_and_dead_lettered() {
    assertThatThrownBy(
            () ->
                with(
                    "failure-strategy", "dead-letter-queue",
                    "retry-on", "java.io.IOException",
                    "dead-letter-on", "java.io.IOException"))
        .hasMessage(
            KEY
                + "retry-on and dead-letter-on both name java.io.IOException; expected a class in"
                + " one of them");
  }

  @Test
  void dead_letters_go_to_a_topic_named_after_the_channel_with_the_channels_connection() {
    DeadLetterSettings settings =
        with("security.protocol", "PLAINTEXT", "client.id", "c", "max.poll.records", "7")
            .deadLetters();

    assertThat(settings.topic()).isEqualTo("dead-letter-topic-orders");
    assertThat(settings.producer())
        .containsEntry("bootstrap.servers", "broker:9092")
        .containsEntry("security.protocol", "PLAINTEXT")
        .containsEntry("acks", "all")
        .containsEntry("client.id", "dead-letters-orders")
        .doesNotContainKeys("max.poll.records", "group.id");
  }

  @Test
  void any_property_of_a_producer_can_be_set_and_serializers_mean_nothing() {
    DeadLetterSettings settings =
        with(
                "dead-letter-queue.topic", "dead",
                "dead-letter-queue.bootstrap.servers", "other:9092",
                "dead-letter-queue.compression.type", "gzip",
                "dead-letter-queue.my.interceptor.setting", "x",
                "dead-letter-queue.value.serializer", "org.example.AvroSerializer")
            .deadLetters();

    assertThat(settings.topic()).isEqualTo("dead");
    assertThat(settings.producer())
        .containsEntry("bootstrap.servers", "other:9092")
        .containsEntry("compression.type", "gzip")
        .containsEntry("my.interceptor.setting", "x")
        .doesNotContainKey("topic");
    assertThat(settings.producer().get("value.serializer")).asString().contains("ByteArray");
  }

  @Test
  void their_partitions_are_chosen_as_by_all_producers_unless_told_otherwise() {
    MapConfig channel =
        MapConfig.of("topic", "orders", "group.id", "shop", "bootstrap.servers", "broker:9092");
    MapConfig root = MapConfig.of("kafka.partitioner", "fnv1a");

    assertThat(
            IncomingSettings.read("orders", channel, root, Optional::empty)
                .deadLetters()
                .producer())
        .containsEntry("partitioner", "fnv1a")
        .containsEntry("partitioner.class", LibrdkafkaPartitioner.class);
    assertThat(
            IncomingSettings.read(
                    "orders",
                    channel.and(
                        "dead-letter-queue.partitioner.class",
                        "org.apache.kafka.clients.producer.RoundRobinPartitioner"),
                    root,
                    Optional::empty)
                .deadLetters()
                .producer())
        .doesNotContainKey("partitioner");
  }

  @Test
  void they_are_no_business_of_the_consumer() {
    assertThat(with("dead-letter-queue.compression.type", "gzip").consumer().keySet())
        .noneMatch(key -> key.contains("dead-letter") || key.equals("compression.type"));
  }

  @Test
  void a_misspelt_property_is_refused() {
    assertThatThrownBy(() -> with("dead-letter-queue.topik", "dead"))
        .hasMessage(
            KEY
                + "dead-letter-queue.topik is no property of a Kafka producer; did you mean"
                + " dead-letter-queue.topic?");
    assertThatThrownBy(() -> with("dead-leter-queue.topic", "dead"))
        .hasMessageContaining("did you mean dead-letter-queue.topic?");
  }

  @Test
  void a_value_that_kafka_refuses_is_refused_in_kafkas_words() {
    assertThatThrownBy(() -> with("dead-letter-queue.compression.type", "rar"))
        .hasMessageContaining(KEY + "dead-letter-queue.*: Kafka says: ")
        .hasMessageContaining("rar");
  }

  @Test
  void the_timeouts_of_a_send_fit_together() {
    assertThat(with().deadLetters().producer())
        .containsEntry("request.timeout.ms", "10000")
        .containsEntry("delivery.timeout.ms", "20000")
        .containsEntry("max.block.ms", "10000");
    assertThat(with("dead-letter-queue.delivery.timeout.ms", "1500").deadLetters().producer())
        .containsEntry("request.timeout.ms", "1500");
    assertThat(with("request.timeout.ms", "60000").deadLetters().producer())
        .containsEntry("delivery.timeout.ms", "60000");
    assertThatThrownBy(
            () ->
                with(
                    "dead-letter-queue.delivery.timeout.ms", "1500",
                    "dead-letter-queue.request.timeout.ms", "1000",
                    "dead-letter-queue.linger.ms", "600"))
        .hasMessageContaining(KEY + "dead-letter-queue.delivery.timeout.ms is '1500'")
        .hasMessageContaining("1600");
  }

  @Test
  void a_pattern_that_matches_the_dead_letter_topic_is_refused_where_dead_letters_are_sent() {
    MapConfig channel =
        MapConfig.of("pattern", ".*orders", "group.id", "g", "bootstrap.servers", "b:9092");

    assertThatThrownBy(
            () ->
                IncomingSettings.read(
                    "orders",
                    channel.and("failure-strategy", "dead-letter-queue"),
                    MapConfig.of(),
                    Optional::empty))
        .hasMessageContaining("dead-letter-topic-orders")
        .hasMessageContaining(".*orders");
    assertThat(
            IncomingSettings.read("orders", channel, MapConfig.of(), Optional::empty)
                .deadLetters()
                .topic())
        .isEqualTo("dead-letter-topic-orders");
  }
}
