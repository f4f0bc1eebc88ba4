package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.reading;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.KafkaSender;
import io.drivetrain.connector.SendFailedException;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

/** Sending without a channel. */
@UseKafka
class KafkaSenderTest {
  private static final String TOO_LARGE = "x".repeat(2_000);

  private final KafkaBroker broker;
  private final Topic target;

  KafkaSenderTest(KafkaBroker broker) {
    this.broker = broker;
    this.target = broker.newTopic("target", 1);
  }

  private WeldApp.Builder sending(Class<?>... beans) {
    return WeldApp.with(
            "kafka.bootstrap.servers",
            broker.bootstrapServers(),
            "drivetrain.producer.max.request.size",
            "1000")
        .beans(Sending.class)
        .beans(beans);
  }

  /** A bean of the application, such as a REST resource. */
  @ApplicationScoped
  static class Sending {
    @Inject KafkaSender sender;

    KafkaSender sender() {
      return sender;
    }
  }

  private static KafkaSender sender(WeldApp app) {
    return app.get(Sending.class).sender();
  }

  @Test
  void a_send_returns_where_the_record_is_stored() {
    try (WeldApp app = sending().start()) {
      RecordMetadata first = sender(app).send(target.name(), "k", "v");
      RecordMetadata second = sender(app).send(new ProducerRecord<>(target.name(), "w"));

      assertThat(first.offset()).isZero();
      assertThat(second.offset()).isEqualTo(1);
      assertThat(target.values()).containsExactly("v", "w");
    }
  }

  @Test
  void a_send_that_fails_says_what_to_do() {
    try (WeldApp app = sending().start()) {
      assertThatThrownBy(() -> sender(app).send(target.name(), "k", TOO_LARGE))
          .isInstanceOf(SendFailedException.class)
          .hasMessageContaining("topic " + target.name() + ": not sent: RecordTooLargeException")
          .hasMessageContaining("max.request.size of the producer")
          .hasCauseInstanceOf(RecordTooLargeException.class);
      assertThat(sender(app).send(target.name(), "k", "v").offset()).isZero();
    }
  }

  @Test
  void a_topic_that_does_not_exist_is_named() {
    // How long it is waited for; a broker that is slow to answer would give the same failure.
    try (WeldApp app = sending().and("drivetrain.producer.max.block.ms", "2000").start()) {
      assertThatThrownBy(() -> sender(app).send("no-such-topic", "k", "v"))
          .isInstanceOf(SendFailedException.class)
          .hasMessageContaining("no such topic")
          .hasCauseInstanceOf(TimeoutException.class);
    }
  }

  @Test
  void asynchronous_sends_keep_their_order_and_a_block_waits_for_all_of_them() {
    List<String> values = IntStream.range(0, 1_000).mapToObj(i -> "v" + i).toList();
    try (WeldApp app = sending().start()) {
      KafkaSender sender = sender(app);

      sender.awaitAll(() -> values.forEach(value -> sender.sendAsync(target.name(), "k", value)));

      assertThat(target.values()).isEqualTo(values);
    }
  }

  @Test
  void a_block_tells_of_what_failed_when_all_the_others_are_stored() {
    try (WeldApp app = sending().start()) {
      KafkaSender sender = sender(app);

      assertThatThrownBy(
              () ->
                  sender.awaitAll(
                      () -> {
                        sender.sendAsync(target.name(), "k", "a");
                        sender.sendAsync(target.name(), "k", TOO_LARGE);
                        sender.sendAsync(target.name(), "k", TOO_LARGE);
                        sender.sendAsync(target.name(), "k", "d");
                      }))
          .isInstanceOf(SendFailedException.class)
          .hasMessageStartingWith("2 of 4 sends failed; the first: topic " + target.name())
          .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
      assertThat(target.values()).containsExactly("a", "d");
    }
  }

  @Test
  void a_send_within_a_delivery_stands_alone() {
    Topic source = broker.newTopic("source", 1);
    source.sendAll(0, List.of("a", "b"));

    try (WeldApp app =
        reading(broker, source)
            .and(
                "kafka.bootstrap.servers",
                broker.bootstrapServers(),
                "drivetrain.producer.max.request.size",
                "1000")
            .instance(String.class, target.name())
            .beans(Careless.class)
            .start()) {
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 2L)));
      assertThat(app.get(Careless.class).calls()).isEqualTo(2);
      assertThat(target.values()).isEmpty();
    }
  }

  /** Sends what fails and does not look. */
  @ApplicationScoped
  static class Careless {
    @Inject KafkaSender sender;
    @Inject String topic;
    private volatile int calls;

    @Incoming("in")
    void take(String value) {
      calls++;
      sender.sendAsync(topic, "k", TOO_LARGE);
    }

    int calls() {
      return calls;
    }
  }

  @Test
  void what_is_sent_until_the_last_bean_is_destroyed_is_stored_before_the_application_ends() {
    try (WeldApp app =
        sending(Farewell.class)
            .instance(String.class, target.name())
            // Nothing would leave before the end of the test.
            .and("drivetrain.producer.linger.ms", "60000")
            .start()) {
      app.get(Farewell.class).sender().sendAsync(target.name(), "k", "while it runs");
    }

    assertThat(target.values()).containsExactly("while it runs", "goodbye");
  }

  @ApplicationScoped
  static class Farewell {
    @Inject KafkaSender sender;
    @Inject String topic;

    KafkaSender sender() {
      return sender;
    }

    @PreDestroy
    void close() {
      sender.sendAsync(topic, "k", "goodbye");
    }
  }

  @Test
  void after_the_stop_a_send_is_refused() throws Exception {
    KafkaSender sender;
    WeldApp app = sending().start();
    try (app) {
      sender = sender(app);
      sender.sendAsync(target.name(), "k", "v").toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    assertThatThrownBy(() -> sender.send(target.name(), "k", "v"))
        .isInstanceOf(IllegalStateException.class);
  }
}
