package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.reading;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.junit.jupiter.api.Test;

@UseKafka
class OutgoingTest {
  private static final String OUT = "mp.messaging.outgoing.out.";

  private final KafkaBroker broker;
  private final Topic target;

  OutgoingTest(KafkaBroker broker) {
    this.broker = broker;
    this.target = broker.newTopic("target", 2);
  }

  private WeldApp.Builder emitting(Class<?> bean) {
    return WeldApp.with(writing()).beans(bean);
  }

  private String[] writing() {
    return new String[] {
      OUT + "connector",
      "drivetrain",
      OUT + "topic",
      target.name(),
      OUT + "bootstrap.servers",
      broker.bootstrapServers(),
      OUT + "reconnect.backoff.max.ms",
      "200"
    };
  }

  @Test
  void an_emitters_send_completes_when_the_record_is_stored() throws Exception {
    try (WeldApp app = emitting(Texts.class).start()) {
      app.get(Texts.class).send("hello").toCompletableFuture().get(30, TimeUnit.SECONDS);

      assertThat(target.values()).containsExactly("hello");
    }
  }

  @Test
  void records_of_one_emitter_keep_their_order() {
    try (WeldApp app = emitting(Records.class).start()) {
      for (int i = 0; i < 1_000; i++) {
        app.get(Records.class).send(new ProducerRecord<>(target.name(), 1, null, "r" + i));
      }
      app.get(Records.class).last().toCompletableFuture().join();
    }

    assertThat(target.values())
        .isEqualTo(java.util.stream.IntStream.range(0, 1_000).mapToObj(i -> "r" + i).toList());
  }

  @Test
  void a_producer_record_says_key_partition_headers_and_topic_itself() throws Exception {
    Topic other = broker.newTopic("other", 2);
    try (WeldApp app = emitting(Records.class).start()) {
      ProducerRecord<String, String> record = new ProducerRecord<>(other.name(), 1, "k", "v");
      record.headers().add("trace", "abc".getBytes(StandardCharsets.UTF_8));
      app.get(Records.class).send(record);
      app.get(Records.class).last().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    assertThat(target.values()).isEmpty();
    ConsumerRecord<String, String> stored = other.records().get(0);
    assertThat(stored.partition()).isEqualTo(1);
    assertThat(stored.key()).isEqualTo("k");
    assertThat(stored.value()).isEqualTo("v");
    assertThat(stored.headers().lastHeader("trace").value()).asString().isEqualTo("abc");
  }

  @Test
  void a_key_goes_where_a_ruby_producer_would_send_it() throws Exception {
    Topic wide = broker.newTopic("wide", 7);
    try (WeldApp app = emitting(Records.class).and(OUT + "partitioner", "consistent").start()) {
      // The CRC-32 of this key is d077037e; that of no key is 0.
      app.get(Records.class).send(new ProducerRecord<>(wide.name(), "hejsan", "with a key"));
      app.get(Records.class).send(new ProducerRecord<>(wide.name(), "without"));
      app.get(Records.class).send(new ProducerRecord<>(wide.name(), 5, "hejsan", "by itself"));
      app.get(Records.class).last().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    assertThat(wide.records())
        .extracting(ConsumerRecord::value, ConsumerRecord::partition)
        .containsExactlyInAnyOrder(
            tuple("with a key", (int) (0xd077037eL % 7)),
            tuple("without", 0),
            tuple("by itself", 5));
  }

  @Test
  void a_json_type_is_bound() throws Exception {
    try (WeldApp app = emitting(Orders.class).start()) {
      app.get(Orders.class)
          .send(new PayloadTypesTest.Order(7, "ada"))
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
    }

    assertThat(target.values()).containsExactly("{\"customer\":\"ada\",\"id\":7}");
  }

  @Test
  void headers_that_a_serializer_adds_to_a_plain_payload_are_sent() throws Exception {
    try (WeldApp app =
        emitting(Texts.class)
            .and(OUT + "value.serializer", HeaderSerializer.class.getName())
            .start()) {
      app.get(Texts.class).send("hello").toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    assertThat(target.records().get(0).headers().lastHeader("schema").value())
        .asString()
        .isEqualTo("7");
  }

  @Test
  void a_processor_reads_one_topic_and_writes_another() {
    Topic source = broker.newTopic("source", 1);
    source.sendAll(0, List.of("a", "b", "c"));

    try (WeldApp app = reading(broker, source).and(writing()).beans(Upper.class).start()) {
      eventually(() -> assertThat(target.values()).containsExactlyInAnyOrder("A", "B", "C"));
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 3L)));
    }
  }

  @Test
  void a_record_is_done_only_when_what_it_sent_is_stored() {
    Topic source = broker.newTopic("source", 1);
    source.sendAll(0, List.of("fine", "too large", "after"));

    // The second record's output exceeds what the producer may send, until the third arrives.
    try (WeldApp app =
        reading(broker, source)
            .and(writing())
            .and(OUT + "max.request.size", "1000", IN + "pause-timeout", "10ms")
            .beans(Growing.class)
            .start()) {
      eventually(() -> assertThat(app.get(Growing.class).attempts()).isGreaterThan(3));
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 1L)));
      assertThat(target.values()).containsExactly("fine");

      app.get(Growing.class).shrink();

      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 3L)));
      assertThat(target.values()).containsExactlyInAnyOrder("fine", "too large", "after");
    }
  }

  @Test
  void a_send_that_cannot_be_encoded_fails_its_caller_and_nobody_else() throws Exception {
    try (WeldApp app =
        emitting(Texts.class)
            .and(OUT + "value.serializer", PickySerializer.class.getName())
            .start()) {
      CompletionStage<Void> bad = app.get(Texts.class).send("bad");
      CompletionStage<Void> good = app.get(Texts.class).send("good");

      assertThatThrownBy(() -> bad.toCompletableFuture().get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasStackTraceContaining("picky");
      good.toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertThat(target.values()).containsExactly("good");
    }
  }

  /** Adds a header, as serialisers of schema registries do. */
  public static final class HeaderSerializer extends StringSerializer {
    @Override
    public byte[] serialize(String topic, Headers headers, String data) {
      headers.add("schema", "7".getBytes(StandardCharsets.UTF_8));
      return super.serialize(topic, data);
    }
  }

  /** Refuses one value. */
  public static final class PickySerializer extends StringSerializer {
    @Override
    public byte[] serialize(String topic, String data) {
      if (data.equals("bad")) {
        throw new org.apache.kafka.common.errors.SerializationException("picky");
      }
      return super.serialize(topic, data);
    }
  }

  @ApplicationScoped
  static class Texts {
    @Inject
    @Channel("out")
    Emitter<String> emitter;

    CompletionStage<Void> send(String text) {
      return emitter.send(text);
    }
  }

  @ApplicationScoped
  static class Orders {
    @Inject
    @Channel("out")
    Emitter<PayloadTypesTest.Order> emitter;

    CompletionStage<Void> send(PayloadTypesTest.Order order) {
      return emitter.send(order);
    }
  }

  @ApplicationScoped
  static class Records {
    @Inject
    @Channel("out")
    Emitter<ProducerRecord<String, String>> emitter;

    private CompletionStage<Void> last = CompletableFuture.completedFuture(null);

    void send(ProducerRecord<String, String> record) {
      last = emitter.send(record);
    }

    CompletionStage<Void> last() {
      return last;
    }
  }

  @ApplicationScoped
  static class Upper {
    @Incoming("in")
    @Outgoing("out")
    String shout(String text) {
      return text.toUpperCase(Locale.ROOT);
    }
  }

  @ApplicationScoped
  static class Growing {
    @Inject
    @Channel("out")
    Emitter<String> emitter;

    private volatile boolean small;
    private volatile int attempts;

    @Incoming("in")
    void take(String text) {
      boolean large = text.equals("too large") && !small;
      attempts += large ? 1 : 0;
      // Nobody looks at the stage: the delivery waits for it.
      emitter.send(large ? text + "x".repeat(2_000) : text);
    }

    void shrink() {
      small = true;
    }

    int attempts() {
      return attempts;
    }
  }
}
