package io.drivetrain.connector.internal.assignment;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The records of a strand that are not done, in order. */
interface Line {

  /** How many there are. */
  int size();

  /** When the first of them came. */
  long arrivedNanos();

  /**
   * The first records, at least one.
   *
   * @param most the most records
   * @param mostBytes the most bytes; a first record that is larger comes alone
   */
  List<ConsumerRecord<byte[], byte[]>> first(int most, long mostBytes);

  /** Removes the first records. */
  void remove(int count);

  /** The bytes of key and value. */
  static long bytes(ConsumerRecord<byte[], byte[]> record) {
    return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
  }
}
