package io.drivetrain.entitysync.internal.consume;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How far it is known that records can be applied at all. When every record of a batch fails, the
 * fault lies elsewhere, unless they are the rest of a batch of which others were applied: that rest
 * comes alone after each bad record. Thread-safe.
 */
final class Verdicts {
  private final Map<TopicPartition, Long> soundUpTo = new ConcurrentHashMap<>();

  /** Some record of these was applied. */
  void sound(List<ConsumerRecord<byte[], byte[]>> records) {
    soundUpTo.put(partition(records), records.get(records.size() - 1).offset());
  }

  /** Whether these came with others that were applied. */
  boolean areOfSound(List<ConsumerRecord<byte[], byte[]>> records) {
    Long upTo = soundUpTo.get(partition(records));
    return upTo != null && records.get(records.size() - 1).offset() <= upTo;
  }

  private static TopicPartition partition(List<ConsumerRecord<byte[], byte[]>> records) {
    return new TopicPartition(records.get(0).topic(), records.get(0).partition());
  }
}
