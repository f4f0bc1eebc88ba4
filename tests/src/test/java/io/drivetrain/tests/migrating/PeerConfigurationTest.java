package io.drivetrain.tests.migrating;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configuration that another connector's users bring along. */
@UseKafka
class PeerConfigurationTest {
  private static final String IN = "mp.messaging.incoming.in.";

  private final KafkaBroker broker;
  private final Topic topic;

  PeerConfigurationTest(KafkaBroker broker) {
    this.broker = broker;
    this.topic = broker.newTopic("migrated", 1);
    topic.sendAll(0, List.of("a", "b"));
  }

  private WeldApp.Builder reading(Class<?> bean) {
    return WeldApp.with(
            IN + "connector", "drivetrain",
            IN + "topic", topic.name(),
            IN + "group.id", topic.name())
        .beans(bean, Heard.class);
  }

  private WeldApp.Builder readingHere(Class<?> bean) {
    return reading(bean).and(IN + "bootstrap.servers", broker.bootstrapServers());
  }

  private static void assertHears(WeldApp.Builder builder, String... values) {
    try (WeldApp app = builder.start()) {
      eventually(() -> assertThat(app.get(Heard.class).values()).containsExactly(values));
    }
  }

  @Test
  void attributes_of_equal_meaning_and_those_without_effect_deploy() {
    assertHears(
        readingHere(Texts.class)
            .and(
                IN + "value.deserializer",
                "org.apache.kafka.common.serialization.StringDeserializer",
                IN + "auto.offset.reset",
                "earliest",
                IN + "commit-strategy",
                "throttled",
                IN + "graceful-shutdown",
                "true",
                IN + "unacked.limit",
                "100",
                IN + "creation.retry.seconds",
                "10",
                IN + "poll-timeout",
                "500"),
        "a",
        "b");
  }

  @ParameterizedTest
  @CsvSource({
    "commit-strategy, ignore",
    "assign-seek, 0:5",
    "delayed-retry-topic.topics, later",
    "share-group.enabled, true",
    "value-deserialization-failure-handler, mine",
  })
  void an_attribute_that_would_be_missed_fails_the_deployment(String attribute, String value) {
    assertThatThrownBy(() -> readingHere(Texts.class).and(IN + attribute, value).start().close())
        .hasStackTraceContaining(IN + attribute + " is '" + value + "', and the drivetrain");
  }

  @Test
  void batch_true_goes_with_a_list_and_not_with_one_record() {
    assertHears(readingHere(Lists.class).and(IN + "batch", "true"), "a", "b");

    assertThatThrownBy(() -> readingHere(Texts.class).and(IN + "batch", "true").start().close())
        .hasStackTraceContaining(IN + "batch is 'true'; expected false or nothing");
  }

  @Test
  void a_topic_may_be_a_pattern_by_a_flag() {
    assertHears(readingHere(Texts.class).and(IN + "pattern", "true"), "a", "b");
  }

  @Test
  void a_message_method_unwraps_its_record_as_on_open_liberty() {
    assertHears(readingHere(Messages.class), "a", "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"identified", "named"})
  void settings_may_come_from_a_bean_that_kafka_configuration_names(String name) {
    assertHears(
        reading(Texts.class)
            .beans(Maps.class)
            .instance(KafkaBroker.class, broker)
            .and(IN + "kafka-configuration", name),
        "a",
        "b");
  }

  @Test
  void a_bean_that_is_not_there_fails_the_deployment() {
    assertThatThrownBy(
            () -> readingHere(Texts.class).and(IN + "kafka-configuration", "none").start().close())
        .hasStackTraceContaining(IN + "kafka-configuration is 'none'; expected");
  }

  @ApplicationScoped
  static class Heard {
    private final List<String> values = new CopyOnWriteArrayList<>();

    void add(String value) {
      values.add(value);
    }

    List<String> values() {
      return values;
    }
  }

  @ApplicationScoped
  static class Texts {
    @Inject Heard heard;

    @Incoming("in")
    void take(String value) {
      heard.add(value);
    }
  }

  @ApplicationScoped
  static class Lists {
    @Inject Heard heard;

    @Incoming("in")
    void take(List<String> values) {
      values.forEach(heard::add);
    }
  }

  @ApplicationScoped
  static class Messages {
    @Inject Heard heard;

    @Incoming("in")
    @Acknowledgment(Acknowledgment.Strategy.POST_PROCESSING)
    java.util.concurrent.CompletionStage<Void> take(Message<String> message) {
      ConsumerRecord<?, ?> record = message.unwrap(ConsumerRecord.class);
      heard.add(record.value().toString());
      return message.ack();
    }
  }

  @ApplicationScoped
  static class Maps {
    @Inject KafkaBroker broker;

    @Produces
    @Identifier("identified")
    Map<String, Object> identified() {
      return Map.of("bootstrap.servers", broker.bootstrapServers(), "fetch.min.bytes", 1);
    }

    @Produces
    @Named("named")
    Map<String, Object> named() {
      return Map.of("bootstrap.servers", broker.bootstrapServers());
    }
  }
}
