package io.drivetrain.entitysync.internal.consume;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How far a partition has been applied, as the database knows it. Used in the running transaction.
 */
public interface Position {
  /** Where the database keeps no positions. */
  Position NOT_KEPT =
      new Position() {
        @Override
        public int next(List<ConsumerRecord<byte[], byte[]>> records, int from) {
          return from;
        }

        @Override
        public void advance(long offset) {}
      };

  /** The index of the first record, from an index on, that is not applied yet; the size if none. */
  int next(List<ConsumerRecord<byte[], byte[]>> records, int from);

  /**
   * Says that what precedes an offset is applied if this transaction commits.
   *
   * @throws io.drivetrain.connector.SystemicFailure if the partition is another node's by now
   */
  void advance(long offset);
}
