package io.drivetrain.tests.benchmark;

import static io.drivetrain.tests.benchmark.Contender.Library.DRIVETRAIN;
import static io.drivetrain.tests.benchmark.Contender.Library.PARALLEL_CONSUMER;
import static io.drivetrain.tests.benchmark.Contender.Library.RAW;
import static io.drivetrain.tests.benchmark.Contender.Library.SMALLRYE;
import static io.drivetrain.tests.benchmark.Contender.Library.SPRING;
import static io.drivetrain.tests.benchmark.Race.KEYED_WORK;
import static io.drivetrain.tests.benchmark.Race.LATENCY;
import static io.drivetrain.tests.benchmark.Race.POISON;
import static io.drivetrain.tests.benchmark.Race.THROUGHPUT;
import static io.drivetrain.tests.benchmark.Race.WORK;

/** A way to consume a topic, in one race. */
enum Contender {
  /** Commits asynchronously each second. */
  RAW_STRING(THROUGHPUT, RAW, "raw KafkaConsumer loop"),
  DRIVETRAIN_STRING(THROUGHPUT, DRIVETRAIN, "drivetrain, void m(String)"),
  DRIVETRAIN_RECORD(THROUGHPUT, DRIVETRAIN, "drivetrain, void m(ConsumerRecord<String, String>)"),
  DRIVETRAIN_LIST(THROUGHPUT, DRIVETRAIN, "drivetrain, void m(List<String>)"),
  /** JSON-B in a bare loop, which is what the next one cannot beat. */
  RAW_JSON(THROUGHPUT, RAW, "raw KafkaConsumer loop, JSON-B"),
  DRIVETRAIN_JSON(THROUGHPUT, DRIVETRAIN, "drivetrain, void m(Purchase) by JSON-B"),
  /** With its default, throttled commits, as all of SmallRye's. */
  SMALLRYE_STRING(THROUGHPUT, SMALLRYE, "smallrye-kafka, void m(String)"),
  SMALLRYE_MESSAGE(THROUGHPUT, SMALLRYE, "smallrye-kafka, m(Message<String>), ack()"),
  SMALLRYE_LIST(THROUGHPUT, SMALLRYE, "smallrye-kafka, batch, void m(List<String>)"),
  SPRING_RECORD(THROUGHPUT, SPRING, "spring-kafka, record listener"),
  SPRING_BATCH(THROUGHPUT, SPRING, "spring-kafka, batch listener"),

  DRIVETRAIN_HEALTHY(POISON, DRIVETRAIN, "drivetrain, nothing fails"),
  DRIVETRAIN_POISONED(POISON, DRIVETRAIN, "drivetrain, pause-timeout=1s"),
  SMALLRYE_HEALTHY(POISON, SMALLRYE, "smallrye-kafka, nothing fails"),
  SMALLRYE_POISONED(POISON, SMALLRYE, "smallrye-kafka, failure-strategy=fail"),
  SPRING_HEALTHY(POISON, SPRING, "spring-kafka, nothing fails"),
  SPRING_POISONED(POISON, SPRING, "spring-kafka, DefaultErrorHandler, back-off 1 s without end"),

  DRIVETRAIN_1_WORKER(WORK, DRIVETRAIN, "drivetrain, concurrency=1"),
  DRIVETRAIN_5_WORKERS(WORK, DRIVETRAIN, "drivetrain, concurrency=5"),
  SPRING_1_CONSUMER(WORK, SPRING, "spring-kafka, concurrency=1"),
  SPRING_5_CONSUMERS(WORK, SPRING, "spring-kafka, concurrency=5"),

  DRIVETRAIN_BY_KEY(KEYED_WORK, DRIVETRAIN, "drivetrain, ordering=key, concurrency=16"),
  PARALLEL_BY_KEY(KEYED_WORK, PARALLEL_CONSUMER, "parallel-consumer, KEY, maxConcurrency=16"),

  RAW_LATENCY(LATENCY, RAW, "raw KafkaConsumer loop"),
  DRIVETRAIN_LATENCY(LATENCY, DRIVETRAIN, "drivetrain, void m(String)"),
  SMALLRYE_LATENCY(LATENCY, SMALLRYE, "smallrye-kafka, void m(String)"),
  SPRING_LATENCY(LATENCY, SPRING, "spring-kafka, record listener");

  private final Race race;
  private final Library library;
  private final String label;

  Contender(Race race, Library library, String label) {
    this.race = race;
    this.library = library;
    this.label = label;
  }

  Race race() {
    return race;
  }

  Library library() {
    return library;
  }

  String label() {
    return label;
  }

  boolean isPoisoned() {
    return name().endsWith("_POISONED");
  }

  /** Who runs contenders. */
  enum Library {
    RAW,
    DRIVETRAIN,
    SMALLRYE,
    SPRING,
    PARALLEL_CONSUMER
  }
}
