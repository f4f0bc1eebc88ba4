package io.drivetrain.tests.migrating;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import io.smallrye.reactive.messaging.TracingMetadata;
import io.smallrye.reactive.messaging.ce.OutgoingCloudEventMetadata;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SmallRye's metadata of Kafka records, in code written for smallrye-kafka. */
@UseKafka
class RecordMetadataTest {
  private static final String IN = "mp.messaging.incoming.in.";
  private static final String OUT = "mp.messaging.outgoing.out.";

  private final KafkaBroker broker;
  private final Topic topic;

  RecordMetadataTest(KafkaBroker broker) {
    this.broker = broker;
    this.topic = broker.newTopic("metadata", 1);
  }

  private WeldApp.Builder reading(Class<?> bean) {
    return WeldApp.with(
            IN + "connector",
            "drivetrain",
            IN + "topic",
            topic.name(),
            IN + "group.id",
            topic.name(),
            IN + "pause-timeout",
            "50ms",
            IN + "auto.commit.interval.ms",
            "100",
            "kafka.bootstrap.servers",
            broker.bootstrapServers())
        .beans(bean, Seen.class);
  }

  @ParameterizedTest
  @ValueSource(classes = {OfMessage.class, AsParameter.class})
  void a_method_sees_topic_key_offset_and_headers_and_its_record_is_done(Class<?> bean) {
    topic.send("k0", "v0", Map.of("tenant", "t0"));
    topic.send("k1", "v1", Map.of("tenant", "t1"));

    try (WeldApp app = reading(bean).start()) {
      eventually(
          () ->
              assertThat(app.get(Seen.class).all())
                  .containsExactly(
                      "v0 of in " + topic.name() + "-0@0 k0 t0",
                      "v1 of in " + topic.name() + "-0@1 k1 t1"));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L)));
    }
  }

  @Test
  void a_record_that_fails_beside_its_metadata_comes_again() {
    topic.send("k0", "v0", Map.of("tenant", "t0"));

    try (WeldApp app = reading(FailsOnce.class).start()) {
      eventually(() -> assertThat(app.get(Seen.class).all()).hasSize(2));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 1L)));
    }
  }

  @Test
  void a_message_with_metadata_still_unwraps_its_record() {
    topic.send("k0", "v0", Map.of());

    try (WeldApp app = reading(Unwrapping.class).start()) {
      eventually(() -> assertThat(app.get(Seen.class).all()).containsExactly("k0=v0"));
    }
  }

  @Test
  void other_metadata_beside_the_payload_is_refused() {
    assertThatThrownBy(() -> reading(OtherMetadata.class).start().close())
        .hasStackTraceContaining("takes 2 parameters");
  }

  private WeldApp.Builder writing() {
    return WeldApp.with(
            OUT + "connector",
            "drivetrain",
            OUT + "topic",
            topic.name(),
            "kafka.bootstrap.servers",
            broker.bootstrapServers())
        .beans(Sending.class);
  }

  @Test
  void an_outgoing_message_says_topic_key_partition_timestamp_and_headers() {
    Topic other = broker.newTopic("other", 2);
    OutgoingKafkaRecordMetadata<String> metadata =
        OutgoingKafkaRecordMetadata.<String>builder()
            .withTopic(other.name())
            .withKey("k")
            .withPartition(1)
            .withTimestamp(Instant.ofEpochMilli(1_000_000))
            .withHeaders(new RecordHeaders().add("tenant", "t".getBytes(StandardCharsets.UTF_8)))
            .build();

    try (WeldApp app = writing().start()) {
      app.get(Sending.class).send(Message.of("v", Metadata.of(metadata)));

      eventually(() -> assertThat(other.values()).containsExactly("v"));
    }
    ConsumerRecord<String, String> stored = other.records().get(0);
    assertThat(stored.partition()).isEqualTo(1);
    assertThat(stored.key()).isEqualTo("k");
    assertThat(stored.timestamp()).isEqualTo(1_000_000);
    assertThat(stored.headers().lastHeader("tenant").value()).asString().isEqualTo("t");
    assertThat(topic.values()).isEmpty();
  }

  @Test
  void what_the_metadata_does_not_say_is_as_configured() {
    OutgoingKafkaRecordMetadata<String> metadata =
        OutgoingKafkaRecordMetadata.<String>builder().withKey("k").build();

    try (WeldApp app = writing().start()) {
      app.get(Sending.class).send(Message.of("v", Metadata.of(metadata)));
      app.get(Sending.class).send(Message.of("w"));

      eventually(() -> assertThat(topic.values()).containsExactly("v", "w"));
    }
    assertThat(topic.records()).extracting(ConsumerRecord::key).containsExactly("k", null);
  }

  @Test
  void a_message_that_is_to_become_a_cloud_event_is_refused_rather_than_sent_without() {
    Message<String> message =
        Message.of("v", Metadata.of(OutgoingCloudEventMetadata.builder().withId("1").build()));

    try (WeldApp app = writing().start()) {
      CompletableFuture<Throwable> refused = new CompletableFuture<>();
      app.get(Sending.class)
          .send(
              message.withNack(
                  reason -> {
                    refused.complete(reason);
                    return CompletableFuture.completedFuture(null);
                  }));

      eventually(
          () ->
              assertThat(refused)
                  .isCompletedWithValueMatching(
                      reason -> reason.getMessage().contains("headers of the event")));
    }
    assertThat(topic.values()).isEmpty();
  }

  @ApplicationScoped
  static class Seen {
    private final List<String> all = new CopyOnWriteArrayList<>();

    void add(String text) {
      all.add(text);
    }

    void add(String value, IncomingKafkaRecordMetadata<?, ?> metadata) {
      add(
          value
              + " of "
              + metadata.getChannel()
              + " "
              + metadata.getTopic()
              + "-"
              + metadata.getPartition()
              + "@"
              + metadata.getOffset()
              + " "
              + metadata.getKey()
              + " "
              + new String(
                  metadata.getHeaders().lastHeader("tenant").value(), StandardCharsets.UTF_8));
    }

    List<String> all() {
      return all;
    }
  }

  @ApplicationScoped
  static class OfMessage {
    @Inject Seen seen;

    @Incoming("in")
    @Acknowledgment(Acknowledgment.Strategy.POST_PROCESSING)
    CompletionStage<Void> take(Message<String> message) {
      seen.add(
          message.getPayload(),
          message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow());
      return message.ack();
    }
  }

  @ApplicationScoped
  static class AsParameter {
    @Inject Seen seen;

    @Incoming("in")
    void take(String value, IncomingKafkaRecordMetadata<String, String> metadata) {
      seen.add(value, metadata);
    }
  }

  @ApplicationScoped
  static class FailsOnce {
    @Inject Seen seen;

    @Incoming("in")
    void take(String value, IncomingKafkaRecordMetadata<String, String> metadata) {
      seen.add(value, metadata);
      if (seen.all().size() == 1) {
        throw new IllegalStateException("once");
      }
    }
  }

  @ApplicationScoped
  static class Unwrapping {
    @Inject Seen seen;

    @Incoming("in")
    @Acknowledgment(Acknowledgment.Strategy.POST_PROCESSING)
    CompletionStage<Void> take(Message<String> message) {
      ConsumerRecord<?, ?> record = message.unwrap(ConsumerRecord.class);
      seen.add(record.key() + "=" + record.value());
      return message.ack();
    }
  }

  @ApplicationScoped
  static class OtherMetadata {
    @Incoming("in")
    void take(String value, TracingMetadata metadata) {}
  }

  @ApplicationScoped
  static class Sending {
    @Inject
    @Channel("out")
    Emitter<String> emitter;

    void send(Message<String> message) {
      emitter.send(message);
    }
  }
}
