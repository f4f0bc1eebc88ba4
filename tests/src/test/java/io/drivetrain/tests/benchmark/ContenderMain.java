package io.drivetrain.tests.benchmark;

import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The main class of a contender's own JVM. */
public final class ContenderMain {
  private static final String CHANNEL = "mp.messaging.incoming.benchmark.";

  /** Held, because a logger that nobody holds forgets its level. */
  private static final Logger QUIET = Logger.getLogger("io.drivetrain");

  private final Contender contender;
  private final String bootstrapServers;
  private final String topic;
  private final int records;

  private ContenderMain(String[] args) {
    contender = Contender.valueOf(args[0]);
    bootstrapServers = args[1];
    topic = args[2];
    records = Integer.parseInt(args[3]);
  }

  /**
   * Consumes the topic once per round, each time in a new group, and prints a line for each.
   *
   * @param args the contender, bootstrap servers, topic, number of records, number of rounds
   */
  public static void main(String[] args) throws Exception {
    QUIET.setLevel(Level.WARNING);
    ContenderMain main = new ContenderMain(args);
    int rounds = Integer.parseInt(args[4]);
    for (int round = 0; round < rounds; round++) {
      Meter.current = new Meter(main.records);
      System.out.println(main.round("benchmark-" + UUID.randomUUID()));
      System.out.flush();
    }
    // Threads of a runtime that linger must not keep the table waiting.
    System.exit(0);
  }

  private ConsumerBenchmark.Round round(String group) throws InterruptedException {
    return switch (contender) {
      case RAW -> raw(group);
      case OURS_STRING -> app(group, "drivetrain", OneByOne.class);
      case OURS_LIST -> app(group, "drivetrain", Batches.class);
      case SMALLRYE_STRING -> app(group, "smallrye-kafka", OneByOne.class);
      case SMALLRYE_BATCH -> app(group, "smallrye-kafka", Batches.class, CHANNEL + "batch", "true");
    };
  }

  private ConsumerBenchmark.Round app(
      String group, String connector, Class<?> consumer, String... settings)
      throws InterruptedException {
    String deserializer = StringDeserializer.class.getName();
    WeldApp.Builder app =
        WeldApp.with(
                CHANNEL + "connector", connector,
                CHANNEL + "topic", topic,
                CHANNEL + "bootstrap.servers", bootstrapServers,
                CHANNEL + "group.id", group,
                CHANNEL + "auto.offset.reset", "earliest")
            .and(settings)
            .beans(consumer);
    if (connector.equals("smallrye-kafka")) {
      app.and(
          CHANNEL + "key.deserializer", deserializer, CHANNEL + "value.deserializer", deserializer);
    }
    try (WeldApp running = app.start()) {
      return Meter.current.await();
    }
  }

  private ConsumerBenchmark.Round raw(String group) throws InterruptedException {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("group.id", group);
    properties.put("auto.offset.reset", "earliest");
    properties.put("enable.auto.commit", "false");
    Meter meter = Meter.current;
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      long nextCommit = System.nanoTime();
      while (!meter.isDone()) {
        ConsumerRecords<String, String> polled = consumer.poll(Duration.ofMillis(100));
        for (ConsumerRecord<String, String> record : polled) {
          if (record.value() != null) {
            meter.add(1);
          }
        }
        if (System.nanoTime() - nextCommit >= 0) {
          consumer.commitAsync();
          nextCommit = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        }
      }
    }
    return meter.await();
  }

  /** Takes one record per call. */
  @ApplicationScoped
  static class OneByOne {
    private final Meter meter = Meter.current;

    @Incoming("benchmark")
    void take(String value) {
      meter.add(1);
    }
  }

  /** Takes a batch per call. */
  @ApplicationScoped
  static class Batches {
    private final Meter meter = Meter.current;

    @Incoming("benchmark")
    void take(List<String> values) {
      meter.add(values.size());
    }
  }
}
