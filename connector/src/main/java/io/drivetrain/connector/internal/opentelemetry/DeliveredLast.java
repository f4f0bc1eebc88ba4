package io.drivetrain.connector.internal.opentelemetry;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/** The timestamp of the record of each partition that was delivered last. Thread-safe. */
final class DeliveredLast {
  private final Map<TopicPartition, Long> timestamps = new ConcurrentHashMap<>();

  void set(TopicPartition partition, long timestamp) {
    timestamps.put(partition, timestamp);
  }

  /** In milliseconds of the epoch; empty before the first. */
  OptionalLong of(TopicPartition partition) {
    Long timestamp = timestamps.get(partition);
    return timestamp == null || timestamp < 0 ? OptionalLong.empty() : OptionalLong.of(timestamp);
  }
}
