package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.reading;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;

@UseKafka
class PayloadTypesTest {
  private final KafkaBroker broker;
  private final Recorder recorder = new Recorder();
  private Topic topic;

  PayloadTypesTest(KafkaBroker broker) {
    this.broker = broker;
  }

  private WeldApp app(Class<?> consumer, String... settings) {
    return reading(broker, topic)
        .and(settings)
        .beans(consumer)
        .instance(Recorder.class, recorder)
        .start();
  }

  private void newTopic(int partitions) {
    topic = broker.newTopic("payload", partitions);
  }

  private void expect(Class<?> consumer, Object... values) {
    try (WeldApp app = app(consumer)) {
      eventually(() -> assertThat(recorder.values()).containsExactly(values));
    }
  }

  @Test
  void text_is_utf_8() {
    newTopic(1);
    topic.send("k", "Grüße");

    expect(Apps.Records.class, "Grüße");
  }

  @Test
  void bytes_come_as_they_are() {
    newTopic(1);
    topic.send(new ProducerRecord<>(topic.name(), new byte[] {0, -1, 7}));

    expect(Bytes.class, List.of((byte) 0, (byte) -1, (byte) 7));
  }

  @Test
  void a_json_type_is_bound() {
    newTopic(1);
    topic.send("k", "{\"id\":7,\"customer\":\"ada\"}");

    expect(Orders.class, new Order(7, "ada"));
  }

  @Test
  void a_list_of_a_json_type_is_a_batch() {
    newTopic(1);
    topic.sendAll(0, List.of("{\"id\":1,\"customer\":\"ada\"}", "{\"id\":2,\"customer\":\"bob\"}"));

    expect(OrderBatches.class, List.of(new Order(1, "ada"), new Order(2, "bob")));
  }

  @Test
  void a_consumer_record_has_key_headers_and_a_null_for_a_tombstone() {
    newTopic(1);
    topic.send("k", "v", Map.of("trace", "abc"));
    topic.tombstone("gone");

    expect(RawValues.class, "k=v trace=abc", "gone=null trace=none");
  }

  @Test
  void an_optional_is_empty_for_a_tombstone() {
    newTopic(1);
    topic.send("k", "{\"id\":7,\"customer\":\"ada\"}");
    topic.tombstone("k");

    expect(OptionalOrders.class, Optional.of(new Order(7, "ada")), Optional.empty());
  }

  @Test
  void a_message_is_acknowledged_when_its_stage_completes() {
    newTopic(1);
    topic.sendAll(0, List.of("a", "b"));

    try (WeldApp app = app(Messages.class)) {
      eventually(() -> assertThat(recorder.values()).containsExactly("a", "b"));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L)));
    }
  }

  @Test
  void a_failed_stage_is_a_failure_of_its_record() {
    newTopic(1);
    topic.sendAll(0, List.of("a", "b"));
    recorder.failing(0, 0, 2);

    try (WeldApp app = app(Stages.class, IN + "pause-timeout", "10ms")) {
      eventually(() -> assertThat(recorder.values()).containsExactly("a", "a", "a", "b"));
    }
  }

  @Test
  void a_configured_deserializer_decodes() {
    newTopic(1);
    topic.send(new ProducerRecord<>(topic.name(), new byte[] {0, 0, 0, 0, 0, 0, 1, 0}));

    try (WeldApp app =
        app(Longs.class, IN + "value.deserializer", LongDeserializer.class.getName())) {
      eventually(() -> assertThat(recorder.values()).containsExactly(256L));
    }
  }

  @Test
  void the_delivery_tells_what_is_not_in_the_payload() {
    newTopic(1);
    topic.send("key", "v", Map.of("trace", "abc"));

    try (WeldApp app = app(Details.class)) {
      eventually(() -> assertThat(recorder.all()).hasSize(1));
    }
    assertThat(recorder.values().get(0))
        .isEqualTo("in " + topic.name() + " 0@0 size 1 key key trace abc attempt 1 young");
  }

  @Test
  void a_tombstone_to_a_text_method_is_a_failure_that_names_it_and_never_a_null() {
    newTopic(2);
    topic.send(new ProducerRecord<>(topic.name(), 0, null, null));
    topic.sendAll(0, List.of("after"));
    topic.sendAll(1, List.of("other"));

    try (WeldApp app = app(Apps.Records.class, IN + "pause-timeout", "-1")) {
      eventually(() -> assertThat(recorder.values()).containsExactly("other"));
      PartitionState.Pause pause = eventuallyPaused(app);
      assertThat(pause.offset()).isZero();
      assertThat(pause.failure()).contains("tombstone").contains("Optional");
      assertThat(recorder.of(0)).isEmpty();
    }
  }

  @Test
  void json_that_cannot_be_decoded_pauses_only_its_partition() {
    newTopic(2);
    topic.sendAll(0, List.of("{\"id\":1,\"customer\":\"ada\"}", "{no json", "{}"));
    topic.sendAll(1, List.of("{\"id\":2,\"customer\":\"bob\"}"));

    try (WeldApp app = app(Orders.class, IN + "pause-timeout", "1h")) {
      PartitionState.Pause pause = eventuallyPaused(app);
      assertThat(pause.offset()).isEqualTo(1);
      assertThat(pause.failure()).contains("Order");
      eventually(
          () ->
              assertThat(recorder.values())
                  .containsExactlyInAnyOrder(new Order(1, "ada"), new Order(2, "bob")));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 1L, 1, 1L)));
    }
  }

  @Test
  void an_undecodable_record_in_a_batch_keeps_those_before_it() {
    newTopic(1);
    topic.sendAll(0, List.of("{\"id\":1,\"customer\":\"ada\"}", "{no json"));

    try (WeldApp app = app(OrderBatches.class, IN + "pause-timeout", "1h")) {
      assertThat(eventuallyPaused(app).offset()).isEqualTo(1);
      assertThat(recorder.values()).containsExactly(List.of(new Order(1, "ada")));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 1L)));
    }
  }

  private PartitionState.Pause eventuallyPaused(WeldApp app) {
    eventually(() -> assertThat(Apps.partition(app, topic, 0).pause()).isPresent());
    return Apps.partition(app, topic, 0).pause().orElseThrow();
  }

  /** Bound by its components' names. */
  public record Order(int id, String customer) {}

  @ApplicationScoped
  static class Bytes {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(byte[] value) {
      recorder.note(delivery, List.of(value[0], value[1], value[2]));
    }
  }

  @ApplicationScoped
  static class Orders {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(Order order) {
      recorder.note(delivery, order);
    }
  }

  @ApplicationScoped
  static class OrderBatches {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(List<Order> orders) {
      recorder.note(delivery, List.copyOf(orders));
    }
  }

  @ApplicationScoped
  static class OptionalOrders {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(Optional<Order> order) {
      recorder.note(delivery, order);
    }
  }

  @ApplicationScoped
  static class RawValues {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(ConsumerRecord<String, byte[]> record) {
      String value =
          record.value() == null ? null : new String(record.value(), StandardCharsets.UTF_8);
      var trace = record.headers().lastHeader("trace");
      recorder.note(
          delivery,
          record.key()
              + "="
              + value
              + " trace="
              + (trace == null ? "none" : new String(trace.value(), StandardCharsets.UTF_8)));
    }
  }

  @ApplicationScoped
  static class Messages {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    @Acknowledgment(Acknowledgment.Strategy.POST_PROCESSING)
    CompletionStage<Void> take(Message<String> message) {
      recorder.note(delivery, message.getPayload());
      return CompletableFuture.completedFuture(null);
    }
  }

  @ApplicationScoped
  static class Stages {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    CompletionStage<Void> take(String value) {
      Delivery snapshot = delivery.snapshot();
      return CompletableFuture.runAsync(() -> recorder.note(snapshot, value));
    }
  }

  @ApplicationScoped
  static class Longs {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(Long value) {
      recorder.note(delivery, value);
    }
  }

  @ApplicationScoped
  static class Details {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(String value) {
      boolean young = delivery.timestamp().isAfter(Instant.now().minusSeconds(600));
      recorder.note(
          delivery,
          delivery.channel()
              + " "
              + delivery.topic()
              + " "
              + delivery.partition()
              + "@"
              + delivery.firstOffset()
              + " size "
              + delivery.size()
              + " key "
              + new String(delivery.key().orElseThrow(), StandardCharsets.UTF_8)
              + " trace "
              + new String(delivery.headers().lastHeader("trace").value(), StandardCharsets.UTF_8)
              + " attempt "
              + delivery.attempt()
              + (young ? " young" : " old"));
    }
  }
}
