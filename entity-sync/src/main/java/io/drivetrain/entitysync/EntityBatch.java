package io.drivetrain.entitysync;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of one partition, in order, as an {@link EntityConsumer} receives them. Immutable;
 * values are decoded by the consumer when it applies them.
 */
public final class EntityBatch {
  private final String channel;
  private final List<ConsumerRecord<byte[], byte[]>> records;

  /**
   * A batch, for tests and for the connector.
   *
   * @param channel the channel's name
   * @param records of one topic partition, in order, at least one
   */
  public EntityBatch(String channel, List<ConsumerRecord<byte[], byte[]>> records) {
    if (records.isEmpty()) {
      throw new IllegalArgumentException("channel " + channel + ": an EntityBatch without records");
    }
    this.channel = channel;
    this.records = List.copyOf(records);
  }

  /** The channel they came through. */
  public String channel() {
    return channel;
  }

  /** The records as Kafka holds them. */
  public List<ConsumerRecord<byte[], byte[]>> records() {
    return records;
  }

  /** How many there are. */
  public int size() {
    return records.size();
  }

  /** Their topic. */
  public String topic() {
    return records.get(0).topic();
  }

  /** Their partition. */
  public int partition() {
    return records.get(0).partition();
  }

  /** The first of them, as many as {@code size}. */
  EntityBatch first(int size) {
    return size == records.size() ? this : new EntityBatch(channel, records.subList(0, size));
  }

  @Override
  public String toString() {
    return topic() + "-" + partition() + "@" + records.get(0).offset() + "+" + records.size();
  }
}
