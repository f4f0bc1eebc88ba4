package io.drivetrain.tests.benchmark;

import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** A connector of reactive messaging, ours or the peer's, in the same runtime: Weld SE. */
final class WeldPeer implements Peer {
  private static final String CHANNEL = "mp.messaging.incoming.benchmark.";

  private final String connector;

  WeldPeer(String connector) {
    this.connector = connector;
  }

  @Override
  public void run(String contender, String bootstrapServers, String topic, String group)
      throws InterruptedException {
    WeldApp.Builder app =
        WeldApp.with(
                CHANNEL + "connector", connector,
                CHANNEL + "topic", topic,
                CHANNEL + "bootstrap.servers", bootstrapServers,
                CHANNEL + "group.id", group,
                CHANNEL + "auto.offset.reset", "earliest")
            .beans(bean(Contender.valueOf(contender)));
    if (connector.equals("smallrye-kafka")) {
      String deserializer = StringDeserializer.class.getName();
      app.and(
          CHANNEL + "key.deserializer", deserializer, CHANNEL + "value.deserializer", deserializer);
      // Nobody listens to its spans, and its instrumentation wants another OpenTelemetry than ours.
      app.and(CHANNEL + "tracing-enabled", "false");
    }
    List<String> more = settings(Contender.valueOf(contender));
    for (int i = 0; i < more.size(); i += 2) {
      app.and(CHANNEL + more.get(i), more.get(i + 1));
    }
    try (WeldApp running = app.start()) {
      Sink.current.await();
    }
  }

  private static Class<?> bean(Contender contender) {
    return switch (contender) {
      case DRIVETRAIN_LIST, SMALLRYE_LIST -> Batches.class;
      case DRIVETRAIN_JSON -> Purchases.class;
      case SMALLRYE_MESSAGE -> Messages.class;
      case DRIVETRAIN_RECORD,
          DRIVETRAIN_HEALTHY,
          DRIVETRAIN_POISONED,
          SMALLRYE_HEALTHY,
          SMALLRYE_POISONED ->
          Records.class;
      default -> Texts.class;
    };
  }

  private static List<String> settings(Contender contender) {
    List<String> settings = new ArrayList<>();
    switch (contender) {
      case SMALLRYE_LIST -> settings.addAll(List.of("batch", "true"));
      case DRIVETRAIN_POISONED -> settings.addAll(List.of("pause-timeout", "1s"));
      case DRIVETRAIN_5_WORKERS -> settings.addAll(List.of("concurrency", "5"));
      case DRIVETRAIN_BY_KEY -> settings.addAll(List.of("ordering", "key", "concurrency", "16"));
      default -> {}
    }
    return settings;
  }

  @ApplicationScoped
  static class Texts {
    private final Sink sink = Sink.current;

    @Incoming("benchmark")
    void take(String value) {
      sink.take(value);
    }
  }

  @ApplicationScoped
  static class Records {
    private final Sink sink = Sink.current;

    @Incoming("benchmark")
    void take(ConsumerRecord<String, String> record) {
      sink.take(record.partition(), record.offset(), record.value());
    }
  }

  @ApplicationScoped
  static class Messages {
    private final Sink sink = Sink.current;

    @Incoming("benchmark")
    CompletionStage<Void> take(Message<String> message) {
      sink.take(message.getPayload());
      return message.ack();
    }
  }

  @ApplicationScoped
  static class Batches {
    private final Sink sink = Sink.current;

    @Incoming("benchmark")
    void take(List<String> values) {
      sink.take(values.size());
    }
  }

  @ApplicationScoped
  static class Purchases {
    private final Sink sink = Sink.current;

    @Incoming("benchmark")
    void take(Purchase purchase) {
      sink.take(purchase.customer());
    }
  }
}
