package io.drivetrain.testkitapp;

import io.drivetrain.testkitapp.internal.PlainValue;
import io.drivetrain.testkitapp.internal.kafka.MemoryBroker;
import io.drivetrain.testkitapp.internal.kafka.StoredRecord;

/**
 * Kafka in memory. {@link TestApp} has one of its own; {@link #shared} is behind channels with
 * {@code connector=drivetrain-test} that run in some other container. Topics come to be when they
 * are first named. Thread-safe.
 */
public final class MemoryKafka implements AutoCloseable {
  private final MemoryBroker broker;

  private MemoryKafka(MemoryBroker broker) {
    this.broker = broker;
  }

  /** One of its own. */
  static MemoryKafka create(int partitions) {
    return new MemoryKafka(MemoryBroker.create(partitions));
  }

  /** The one of all channels with {@code connector=drivetrain-test}, one partition per topic. */
  public static MemoryKafka shared() {
    return new MemoryKafka(MemoryBroker.shared());
  }

  /** What {@code kafka.bootstrap.servers} is to be for clients of it. */
  public String bootstrapServers() {
    return broker.address();
  }

  /** A topic. */
  public TestTopic topic(String name) {
    return new TestTopic(broker, name);
  }

  /** What the application sent to a topic. */
  public SentRecords sent(String topic) {
    return new SentRecords(
        topic,
        () ->
            broker.records(PlainValue.format(topic).topic()).stream()
                .filter(StoredRecord::sent)
                .toList());
  }

  /** From now on what the application sends to a topic fails with this. */
  public void refuse(String topic, RuntimeException failure) {
    broker.refuse(PlainValue.format(topic).topic(), failure);
  }

  /** The end of {@link #refuse}. */
  public void accept(String topic) {
    broker.accept(PlainValue.format(topic).topic());
  }

  /** Forgets all records and commits, between tests whose application does not run. */
  public void clear() {
    broker.clear();
  }

  MemoryBroker broker() {
    return broker;
  }

  @Override
  public void close() {
    broker.remove();
  }
}
