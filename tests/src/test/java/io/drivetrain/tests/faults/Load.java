package io.drivetrain.tests.faults;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends records to all partitions of a topic until it is stopped, from a thread of its own, also
 * while brokers are away. Every key has its partition. One record in {@value #POISON_EVERY} fails
 * the first time, one in {@value #STUBBORN_EVERY} three times.
 */
final class Load implements AutoCloseable {
  private static final int POISON_EVERY = 499;
  private static final int STUBBORN_EVERY = 1_999;
  private static final int KEYS_PER_PARTITION = 20;
  private static final int TICK_MILLIS = 10;

  /** Held, because a logger that nobody holds forgets its level. */
  private static final Logger QUIET =
      Logger.getLogger("org.apache.kafka.clients.producer.internals.Sender");

  private final String topic;
  private final int partitions;
  private final int recordsPerTick;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Thread thread = new Thread(this::run, "faults-load");
  private final AtomicLong stored = new AtomicLong();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private volatile boolean stopped;
  private long sent;

  Load(String bootstrapServers, String topic, int partitions, int recordsPerSecond) {
    this.topic = topic;
    this.partitions = partitions;
    this.recordsPerTick = Math.max(1, recordsPerSecond * TICK_MILLIS / 1_000);
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "acks",
                "all",
                "reconnect.backoff.max.ms",
                200,
                "request.timeout.ms",
                5_000,
                "max.block.ms",
                300_000,
                "delivery.timeout.ms",
                300_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    QUIET.setLevel(Level.SEVERE);
    sendOneToEach();
    thread.setDaemon(true);
    thread.start();
  }

  /** How often a record of this value fails before it passes. */
  static int failures(String value) {
    return value.startsWith("fail:") ? Integer.parseInt(value.substring("fail:".length())) : 0;
  }

  /**
   * Begins with one stored record per partition. A leader that is not ready may refuse a producer's
   * first request and take its second; the first is then out of order for ever.
   */
  private void sendOneToEach() {
    for (int partition = 0; partition < partitions; partition++) {
      send(sent++);
    }
    producer.flush();
  }

  private void run() {
    while (!stopped) {
      for (int i = 0; i < recordsPerTick; i++) {
        send(sent++);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS));
    }
  }

  private void send(long number) {
    long key = number % ((long) partitions * KEYS_PER_PARTITION);
    String value = "v" + number;
    if (number % STUBBORN_EVERY == 0) {
      value = "fail:3";
    } else if (number % POISON_EVERY == 0) {
      value = "fail:1";
    }
    producer.send(
        new ProducerRecord<>(topic, (int) (key % partitions), bytes("k" + key), bytes(value)),
        (metadata, problem) -> {
          if (problem == null) {
            stored.incrementAndGet();
          } else {
            failure.compareAndSet(null, problem);
          }
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** How many records are stored until now. */
  long stored() {
    return stored.get();
  }

  /**
   * Sends no more, waits until everything is stored and returns how many records that are.
   *
   * @throws AssertionError if one could not be stored
   */
  long finish() {
    stopped = true;
    try {
      thread.join(Duration.ofSeconds(300).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    producer.flush();
    if (failure.get() != null || stored.get() != sent) {
      throw new AssertionError(
          "stored " + stored + " of " + sent + " records, " + failure.get(), failure.get());
    }
    return sent;
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    producer.close(Duration.ZERO);
  }
}
