package io.drivetrain.connector.internal.outbound;

import static io.drivetrain.connector.internal.outbound.MockSender.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.drivetrain.connector.internal.MapConfig;
import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.settings.OutgoingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;

class OutgoingChannelTest {

  /** A JSON type. */
  public record Order(String id) {}

  private MockSender kafka;
  private final List<String> answers = new ArrayList<>();
  private final LiveDelivery delivery = new LiveDelivery("in");
  private OutgoingChannel channel = channel(Optional.empty());

  private OutgoingChannel channel(
      Optional<Serializer<Object>> valueSerializer, String... settings) {
    kafka = new MockSender(valueSerializer);
    MapConfig config =
        MapConfig.of("bootstrap.servers", "nowhere:9092", "topic", "orders").and(settings);
    return new OutgoingChannel(
        OutgoingSettings.read("out", config, MapConfig.of()), kafka.sender());
  }

  @AfterEach
  void unbind() {
    delivery.unbind();
  }

  private <T> Message<T> message(T payload) {
    return Message.of(
        payload,
        () -> {
          answers.add("ack");
          return CompletableFuture.completedFuture(null);
        },
        reason -> {
          answers.add("nack " + reason.getClass().getSimpleName());
          return CompletableFuture.completedFuture(null);
        });
  }

  @Test
  void it_asks_for_everything_so_that_a_send_happens_on_the_thread_that_emits() {
    List<Long> requested = new ArrayList<>();
    channel.onSubscribe(
        new Subscription() {
          @Override
          public void request(long n) {
            requested.add(n);
          }

          @Override
          public void cancel() {}
        });

    assertThat(requested).containsExactly(Long.MAX_VALUE);
  }

  @Test
  void a_message_is_acknowledged_only_when_kafka_has_confirmed_it() {
    channel.onNext(message("v"));
    assertThat(answers).isEmpty();

    kafka.producer().completeNext();
    assertThat(answers).containsExactly("ack");
    assertThat(kafka.sent().topic()).isEqualTo("orders");
    assertThat(text(kafka.sent().value())).isEqualTo("v");
  }

  @Test
  void a_message_that_kafka_refuses_is_refused() {
    channel.onNext(message("v"));
    kafka.producer().errorNext(new RecordTooLargeException("too large"));

    assertThat(answers).containsExactly("nack RecordTooLargeException");
  }

  @Test
  void plain_payloads_are_text_bytes_or_json() {
    channel.onNext(message("text"));
    assertThat(text(kafka.sent().value())).isEqualTo("text");
    channel.onNext(message(new byte[] {1, 2}));
    assertThat(kafka.sent().value()).containsExactly(1, 2);
    channel.onNext(message(new Order("a")));
    assertThat(text(kafka.sent().value())).isEqualTo("{\"id\":\"a\"}");
  }

  @Test
  void a_producer_record_goes_where_it_says_with_all_it_has() {
    ProducerRecord<Object, Object> record =
        new ProducerRecord<>("elsewhere", 3, 99L, 17L, new Order("a"));
    record.headers().add("h", new byte[] {7});

    channel.onNext(message(record));

    assertThat(kafka.sent().topic()).isEqualTo("elsewhere");
    assertThat(kafka.sent().partition()).isEqualTo(3);
    assertThat(kafka.sent().timestamp()).isEqualTo(99L);
    assertThat(text(kafka.sent().key())).isEqualTo("17");
    assertThat(text(kafka.sent().value())).isEqualTo("{\"id\":\"a\"}");
    assertThat(kafka.sent().headers().lastHeader("h").value()).containsExactly(7);
  }

  @Test
  void a_plain_payload_gets_the_key_and_partition_of_its_channel() {
    channel = channel(Optional.empty(), "key", "all", "partition", "3");
    channel.onNext(message("v"));

    assertThat(text(kafka.sent().key())).isEqualTo("all");
    assertThat(kafka.sent().partition()).isEqualTo(3);
  }

  @Test
  void a_producer_record_keeps_the_key_and_partition_it_lacks() {
    channel =
        channel(Optional.empty(), "key", "all", "partition", "3", "propagate-record-key", "true");
    process(new LiveDelivery("in"), incoming("k"));
    channel.onNext(message(new ProducerRecord<>("orders", "v")));

    assertThat(kafka.sent().key()).isNull();
    assertThat(kafka.sent().partition()).isNull();
  }

  @Test
  void a_plain_payload_gets_the_key_of_the_record_being_processed_if_that_has_one() {
    channel = channel(Optional.empty(), "key", "all", "propagate-record-key", "true");
    process(delivery, incoming("k"));
    channel.onNext(message("v"));
    assertThat(text(kafka.sent().key())).isEqualTo("k");

    process(delivery, incoming(null));
    channel.onNext(message("v"));
    assertThat(text(kafka.sent().key())).isEqualTo("all");
  }

  @Test
  void a_plain_payload_gets_the_named_headers_of_the_record_being_processed() {
    channel = channel(Optional.empty(), "propagate-headers", "tenant, trace");
    ConsumerRecord<byte[], byte[]> incoming = incoming("k");
    incoming
        .headers()
        .add("tenant", new byte[] {1})
        .add("secret", new byte[] {2})
        .add("tenant", new byte[] {3});
    process(delivery, incoming);
    channel.onNext(message("v"));

    assertThat(kafka.sent().key()).isNull();
    assertThat(kafka.sent().headers())
        .extracting(Header::key, header -> header.value()[0])
        .containsExactly(tuple("tenant", (byte) 1), tuple("tenant", (byte) 3));
  }

  @Test
  void nothing_is_taken_from_a_batch_or_where_nothing_is_processed() {
    channel = channel(Optional.empty(), "propagate-record-key", "true", "propagate-headers", "h");
    ConsumerRecord<byte[], byte[]> incoming = incoming("k");
    incoming.headers().add("h", new byte[] {1});
    process(new LiveDelivery("in", true), incoming);
    channel.onNext(message("v"));
    assertThat(kafka.sent().key()).isNull();
    assertThat(kafka.sent().headers()).isEmpty();

    LiveDelivery.ofThisThread().end();
    channel.onNext(message("v"));
    assertThat(kafka.sent().key()).isNull();
    assertThat(kafka.sent().headers()).isEmpty();
  }

  private static void process(LiveDelivery live, ConsumerRecord<byte[], byte[]> record) {
    live.bind();
    live.begin(record, record, 1, 1, null);
  }

  private static ConsumerRecord<byte[], byte[]> incoming(String key) {
    return new ConsumerRecord<>("in", 0, 0, key == null ? null : key.getBytes(UTF_8), new byte[0]);
  }

  @Test
  void a_producer_record_without_a_value_is_a_tombstone() {
    channel.onNext(message(new ProducerRecord<>("orders", "k", null)));

    assertThat(kafka.sent().value()).isNull();
    assertThat(text(kafka.sent().key())).isEqualTo("k");
  }

  @Test
  void a_message_may_unwrap_to_a_producer_record() {
    Message<String> plain = message("v");
    channel.onNext(
        new Message<String>() {
          @Override
          public String getPayload() {
            return plain.getPayload();
          }

          @Override
          public Supplier<CompletionStage<Void>> getAck() {
            return plain.getAck();
          }

          @Override
          public Function<Throwable, CompletionStage<Void>> getNack() {
            return plain.getNack();
          }

          @Override
          public <C> C unwrap(Class<C> type) {
            return type.cast(new ProducerRecord<>("unwrapped", "k", "v"));
          }
        });

    assertThat(kafka.sent().topic()).isEqualTo("unwrapped");
  }

  @Test
  void a_payload_that_cannot_be_encoded_is_refused_and_the_next_is_sent() {
    channel.onNext(message(new ProducerRecord<>("orders", new Object(), "v")));
    assertThat(answers).containsExactly("nack CodecException");

    channel.onNext(message("v"));
    assertThat(text(kafka.sent().value())).isEqualTo("v");
  }

  @Test
  void a_configured_serializer_decides() {
    @SuppressWarnings({"unchecked", "rawtypes"})
    Serializer<Object> serializer = (Serializer) new LongSerializer();
    channel = channel(Optional.of(serializer));
    channel.onNext(message(1L));

    assertThat(kafka.sent().value()).containsExactly(0, 0, 0, 0, 0, 0, 0, 1);
  }

  @Test
  void a_send_within_a_delivery_belongs_to_it() throws Exception {
    delivery.bind();
    delivery.begin(record(), record(), 1, 1, null);
    channel.onNext(message("v"));
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread broker = new Thread(() -> kafka.producer().completeNext());

    broker.start();

    outcome.complete(delivery.awaitSends());
    assertThat(outcome.get()).isNull();
    assertThat(answers).containsExactly("ack");
    broker.join();
  }

  @Test
  void a_failed_send_within_a_delivery_fails_it() {
    delivery.bind();
    delivery.begin(record(), record(), 1, 1, null);
    channel.onNext(message("v"));
    channel.onNext(message("w"));
    kafka.producer().completeNext();
    kafka.producer().errorNext(new RecordTooLargeException("too large"));

    assertThat(delivery.awaitSends()).isInstanceOf(RecordTooLargeException.class);
    assertThat(delivery.awaitSends()).isNull();
  }

  @Test
  void a_producer_that_cannot_recover_is_replaced() {
    channel.onNext(message("v"));
    kafka.producer().errorNext(new OutOfOrderSequenceException("broken"));
    channel.onNext(message("w"));

    assertThat(kafka.producers()).hasSize(2);
    assertThat(kafka.producers().get(0).closed()).isTrue();
    assertThat(text(kafka.sent().value())).isEqualTo("w");
  }

  @Test
  void after_the_stop_a_message_is_refused() {
    channel.onNext(message("v"));
    channel.close();
    channel.onNext(message("w"));

    assertThat(answers).endsWith("nack IllegalStateException");
    assertThat(kafka.producers().get(0).closed()).isTrue();
  }

  private static ConsumerRecord<byte[], byte[]> record() {
    return new ConsumerRecord<>("in", 0, 0, null, new byte[0]);
  }

  @Test
  void the_settings_do_not_show_secrets() {
    assertThat(
            OutgoingSettings.read(
                    "out",
                    MapConfig.of("bootstrap.servers", "a:1", "sasl.jaas.config", "hunter2"),
                    MapConfig.of())
                .toString())
        .doesNotContain("hunter2");
  }
}
