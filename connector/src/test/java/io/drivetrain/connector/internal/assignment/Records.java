package io.drivetrain.connector.internal.assignment;

import io.drivetrain.connector.internal.policy.Backoff;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.HandOver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records, partitions and a clock for the tests of partitions and channels. */
public final class Records {
  public static final TopicPartition P0 = new TopicPartition("orders", 0);
  public static final TopicPartition P1 = new TopicPartition("orders", 1);

  private Records() {}

  /** A record whose value is its offset in words. */
  public static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset) {
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        offset,
        1_000 + offset,
        TimestampType.CREATE_TIME,
        1,
        4,
        ("k" + offset).getBytes(StandardCharsets.UTF_8),
        ("v" + offset).getBytes(StandardCharsets.UTF_8),
        new RecordHeaders(),
        Optional.of(7));
  }

  public static List<ConsumerRecord<byte[], byte[]>> records(
      TopicPartition partition, long... offsets) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (long offset : offsets) {
      records.add(record(partition, offset));
    }
    return records;
  }

  public static List<Long> offsets(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(ConsumerRecord::offset).toList();
  }

  public static FailurePolicy pause(Duration duration) {
    return new FailurePolicy(new Backoff(Optional.of(duration), false, Duration.ofMinutes(5)));
  }

  public static HandOver single() {
    return new HandOver(false, 512, Long.MAX_VALUE, 0, 1_000, 1_000_000);
  }

  public static HandOver batches(int size, Duration wait) {
    return new HandOver(true, size, Long.MAX_VALUE, wait.toNanos(), 1_000, 1_000_000);
  }

  /** A clock that stands still until it is moved. */
  public static final class Clock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    /** Moves it. */
    public void pass(Duration duration) {
      now = now.plus(duration);
    }
  }
}
