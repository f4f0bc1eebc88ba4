package io.drivetrain.connector.internal.assignment;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that is not done, or is done while an earlier one is not. Plain state; guarded by the
 * lock of the channel.
 */
final class Entry {
  private final long offset;
  private final Optional<Integer> epoch;
  private final long arrivedNanos;

  /** Null once it is done and given back: then only its place is of interest. */
  private ConsumerRecord<byte[], byte[]> record;

  private boolean done;

  Entry(ConsumerRecord<byte[], byte[]> record, long arrivedNanos) {
    this.record = record;
    this.offset = record.offset();
    this.epoch = record.leaderEpoch();
    this.arrivedNanos = arrivedNanos;
  }

  long offset() {
    return offset;
  }

  Optional<Integer> epoch() {
    return epoch;
  }

  long arrivedNanos() {
    return arrivedNanos;
  }

  ConsumerRecord<byte[], byte[]> record() {
    return record;
  }

  /** Lets go of the record's memory. */
  void release() {
    record = null;
  }

  boolean isDone() {
    return done;
  }

  void markDone() {
    done = true;
  }
}
