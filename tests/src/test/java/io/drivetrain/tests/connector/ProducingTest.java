package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.reading;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.SendFailedException;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a consumer method sends belongs to the record it processes, whichever way it sends it. The
 * target topic takes records of up to 1000 bytes; Kafka refuses larger ones when they arrive.
 */
@UseKafka
class ProducingTest {
  private static final String OUT = "mp.messaging.outgoing.out.";
  private static final String TOO_LARGE = "x".repeat(2_000);

  private final KafkaBroker broker;
  private final Topic source;
  private final Topic target;
  private final Script script = new Script();

  ProducingTest(KafkaBroker broker) {
    this.broker = broker;
    this.source = broker.newTopic("source", 2);
    this.target =
        broker.topic(
            "target-" + UUID.randomUUID().toString().substring(0, 8),
            1,
            Map.of("max.message.bytes", "1000"));
  }

  private WeldApp.Builder producing(Class<?> bean) {
    return reading(broker, source)
        .and(
            "kafka.bootstrap.servers",
            broker.bootstrapServers(),
            // Kafka's client splits a batch that is too large by this, not by what the topic takes
            // (KAFKA-8350); values must not be tiny either, or they find room beside the large one.
            "kafka.batch.size",
            "500",
            IN + "pause-timeout",
            "100ms",
            OUT + "connector",
            "drivetrain",
            OUT + "topic",
            target.name())
        .beans(bean, Failures.class)
        .instance(Script.class, script);
  }

  /** What the consumer method is to do with each value; noted by the failures' listener. */
  static final class Script {
    private volatile String topic;
    private volatile String tooLargeFor = "";
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    String output(String value) {
      calls.add(value);
      return value.equals(tooLargeFor) ? TOO_LARGE : value;
    }
  }

  @ApplicationScoped
  static class Failures implements ChannelListener {
    @Inject Script script;

    @Override
    public void failed(Delivery delivery, Throwable cause) {
      script.failures.add(cause);
    }
  }

  static class Way {
    @Inject Script script;
  }

  @ApplicationScoped
  static class Produces extends Way {
    @Inject Delivery delivery;

    @Incoming("in")
    void take(String value) {
      delivery.produce(script.topic, "k", script.output(value));
    }
  }

  @ApplicationScoped
  static class Emits extends Way {
    @Inject
    @Channel("out")
    Emitter<String> emitter;

    @Incoming("in")
    void take(String value) {
      // Nobody looks at the stage.
      emitter.send(script.output(value));
    }
  }

  @ApplicationScoped
  static class Returns extends Way {
    @Incoming("in")
    @Outgoing("out")
    String take(String value) {
      return script.output(value);
    }
  }

  private static Class<?> way(String name) {
    return Map.of("produce", Produces.class, "emitter", Emits.class, "result", Returns.class)
        .get(name);
  }

  /** A channel's message is refused with what Kafka said, as on other connectors. */
  private static Class<?> failure(String way) {
    return way.equals("produce") ? SendFailedException.class : RecordTooLargeException.class;
  }

  @ParameterizedTest
  @ValueSource(strings = {"produce", "emitter", "result"})
  void a_send_that_kafka_refuses_brings_its_record_again_and_fails_no_other(String way) {
    script.topic = target.name();
    script.tooLargeFor = "bad";
    source.sendAll(0, List.of("fine", "bad", "after"));

    try (WeldApp app = producing(way(way)).start()) {
      eventually(() -> assertThat(script.calls).filteredOn("bad"::equals).hasSizeGreaterThan(2));
      assertThat(script.calls).doesNotContain("after");

      // The refused send concerns neither the other partition …
      source.sendAll(1, List.of("beside", "beside it"));
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 1L, 1, 2L)));
      assertThat(script.calls).containsOnlyOnce("fine", "beside", "beside it");

      // … nor what follows in its own.
      script.tooLargeFor = "";
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 3L, 1, 2L)));
      assertThat(script.calls).containsOnlyOnce("after");
      assertThat(target.values())
          .containsExactlyInAnyOrder("fine", "beside", "beside it", "bad", "after");
      assertThat(script.failures).isNotEmpty().hasOnlyElementsOfType(failure(way));
    }
  }

  @ApplicationScoped
  static class ReturnsLater extends Way {
    @Incoming("in")
    @Outgoing("out")
    CompletionStage<String> take(String value) {
      return CompletableFuture.supplyAsync(() -> script.output(value));
    }
  }

  @ApplicationScoped
  static class ReturnsOfBatches extends Way {
    @Incoming("in")
    @Outgoing("out")
    String take(List<String> values) {
      return script.output(String.join(" ", values));
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {ReturnsLater.class, ReturnsOfBatches.class})
  void a_result_that_comes_later_or_of_a_batch_is_part_of_its_delivery(Class<?> way) {
    script.tooLargeFor = "bad";
    source.sendAll(0, List.of("bad"));

    try (WeldApp app = producing(way).start()) {
      eventually(() -> assertThat(script.failures).hasSizeGreaterThan(1));
      assertThat(script.failures).hasOnlyElementsOfType(RecordTooLargeException.class);
      assertThat(source.committed(source.name())).isEmpty();

      script.tooLargeFor = "";
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 1L)));
      assertThat(target.values()).containsExactly("bad");
    }
  }

  @Test
  void a_record_for_a_topic_that_does_not_exist_waits_for_the_topic() {
    script.topic = "missing-" + UUID.randomUUID();
    source.sendAll(0, List.of("early"));

    try (WeldApp app =
        producing(Produces.class).and("drivetrain.producer.max.block.ms", "200").start()) {
      eventually(() -> assertThat(script.failures).isNotEmpty());
      assertThat(script.failures.get(0))
          .isInstanceOf(SendFailedException.class)
          .hasMessageContaining("topic " + script.topic + ": not sent: ")
          .hasMessageContaining("no such topic")
          .hasCauseInstanceOf(TimeoutException.class);
      assertThat(source.committed(source.name())).isEmpty();

      Topic late = broker.topic(script.topic, 1);
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 1L)));
      assertThat(late.values()).containsExactly("early");
    }
  }

  @Test
  void what_a_failed_attempt_sent_in_vain_does_not_fail_the_next_attempt() {
    script.topic = target.name();
    source.sendAll(0, List.of("a", "b"));

    try (WeldApp app = producing(ThrowsAtFirst.class).start()) {
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 2L)));

      assertThat(script.calls).containsExactly("a 1", "a 2", "b 1", "b 2");
      assertThat(script.failures)
          .hasSize(2)
          .allMatch(failure -> failure.getMessage().equals("own"));
    }
  }

  /** Sends what Kafka will refuse and throws; nobody waits for that send. */
  @ApplicationScoped
  static class ThrowsAtFirst extends Way {
    @Inject Delivery delivery;

    @Incoming("in")
    void take(String value) {
      script.calls.add(value + " " + delivery.attempt());
      if (delivery.attempt() == 1) {
        delivery.produce(script.topic, "k", TOO_LARGE);
        throw new IllegalStateException("own");
      }
    }
  }

  @Test
  void a_delivery_produces_any_record_by_the_rules_of_outgoing_channels() {
    Topic other = broker.newTopic("other", 3);
    script.topic = other.name();
    source.sendAll(0, List.of("a"));

    try (WeldApp app = producing(AllKinds.class).start()) {
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 1L)));
    }

    List<ConsumerRecord<String, String>> stored = other.records();
    assertThat(stored)
        .extracting(ConsumerRecord::key, ConsumerRecord::value)
        .containsExactlyInAnyOrder(
            tuple("7", "{\"customer\":\"ada\",\"id\":7}"), tuple(null, "text"), tuple("k", null));
    ConsumerRecord<String, String> tombstone =
        stored.stream().filter(record -> record.value() == null).findFirst().orElseThrow();
    assertThat(tombstone.partition()).isEqualTo(2);
    assertThat(tombstone.headers().lastHeader("h").value()).asString().isEqualTo("1");
  }

  @ApplicationScoped
  static class AllKinds extends Way {
    @Inject Delivery delivery;

    @Incoming("in")
    void take(String value) {
      delivery.produce(script.topic, 7, new PayloadTypesTest.Order(7, "ada"));
      delivery.produce(script.topic, null, "text");
      ProducerRecord<String, String> tombstone = new ProducerRecord<>(script.topic, 2, "k", null);
      tombstone.headers().add("h", "1".getBytes(UTF_8));
      delivery.produce(tombstone);
    }
  }

  @Test
  void a_batch_is_done_when_all_it_sent_is_stored() {
    script.topic = target.name();
    List<String> values = Stream.of("a", "b", "c", "d").map(v -> v.repeat(50)).toList();
    script.tooLargeFor = values.get(2);
    source.sendAll(0, values);

    try (WeldApp app = producing(Batches.class).start()) {
      eventually(() -> assertThat(script.failures).hasSizeGreaterThan(1));
      assertThat(script.failures).allMatch(SendFailedException.class::isInstance);
      assertThat(source.committed(source.name())).isEmpty();

      script.tooLargeFor = "";
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 4L)));
      assertThat(target.values()).containsAll(values);
    }
  }

  /**
   * Ends each batch before its last record; what came before that is done only with what it sent.
   */
  @ApplicationScoped
  static class Batches extends Way {
    @Inject Delivery delivery;

    @Incoming("in")
    void take(List<String> values) {
      for (String value : values) {
        delivery.produce(script.topic, "k", script.output(value));
      }
      if (values.size() > 1) {
        throw BatchFailure.at(values.size() - 1, new IllegalStateException("the last one"));
      }
    }
  }

  @Test
  void a_method_that_sends_on_another_thread_returns_the_stage_of_its_send() {
    source.sendAll(0, List.of("bad", "after"));
    script.tooLargeFor = "bad";

    try (WeldApp app = producing(ElsewhereThread.class).start()) {
      eventually(() -> assertThat(script.failures).hasSizeGreaterThan(1));
      assertThat(source.committed(source.name())).isEmpty();

      script.tooLargeFor = "";
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 2L)));
      assertThat(target.values()).containsExactly("bad", "after");
    }
  }

  @ApplicationScoped
  static class ElsewhereThread extends Way {
    @Inject Delivery delivery;

    @Inject
    @Channel("out")
    Emitter<String> emitter;

    @Incoming("in")
    CompletionStage<Void> take(String value) {
      return CompletableFuture.runAsync(
              () ->
                  assertThatThrownBy(() -> delivery.produce("t", "k", "v"))
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("this thread is processing no record"))
          .thenCompose(checked -> emitter.send(script.output(value)))
          .exceptionally(
              failure -> {
                throw failure instanceof CompletionException completion
                    ? completion
                    : new CompletionException(failure);
              });
    }
  }

  @Test
  void a_result_gets_the_key_and_the_named_headers_of_its_record() {
    source.send("k", "v", Map.of("tenant", "t1", "secret", "s"));

    try (WeldApp app =
        producing(Returns.class)
            .and(OUT + "propagate-record-key", "true", OUT + "propagate-headers", "tenant")
            .start()) {
      eventually(() -> assertThat(target.values()).containsExactly("v"));
    }

    ConsumerRecord<String, String> stored = target.records().get(0);
    assertThat(stored.key()).isEqualTo("k");
    assertThat(stored.headers())
        .extracting(header -> header.key() + "=" + new String(header.value(), UTF_8))
        .containsExactly("tenant=t1");
  }

  @Test
  void without_brokers_for_it_produce_says_which_setting_is_missing() {
    script.topic = target.name();
    source.sendAll(0, List.of("a"));

    try (WeldApp app =
        reading(broker, source)
            .beans(Produces.class, Failures.class)
            .instance(Script.class, script)
            .start()) {
      eventually(() -> assertThat(script.failures).isNotEmpty());
      assertThat(script.failures.get(0))
          .hasMessageContaining(
              "drivetrain.producer.bootstrap.servers is not set, nor is kafka.bootstrap.servers");
    }
  }
}
