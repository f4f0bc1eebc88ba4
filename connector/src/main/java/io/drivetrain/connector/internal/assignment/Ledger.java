package io.drivetrain.connector.internal.assignment;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Up to where a partition is done without a gap, and what of that the broker knows. The position is
 * the offset after a record that was read, never a count, because offsets have gaps (compaction,
 * transaction markers). Not thread-safe.
 */
final class Ledger {
  private long position = -1;
  private Optional<Integer> epoch = Optional.empty();
  private OffsetAndMetadata committed;

  /** This record and all before it are done. */
  void done(ConsumerRecord<byte[], byte[]> record) {
    position = record.offset() + 1;
    epoch = record.leaderEpoch();
  }

  /** The offset after the last record done, -1 before the first. */
  long position() {
    return position;
  }

  /** What a commit has to store, if it would change anything. */
  Optional<OffsetAndMetadata> toCommit(String metadata) {
    if (position < 0) {
      return Optional.empty();
    }
    OffsetAndMetadata wanted = new OffsetAndMetadata(position, epoch, metadata);
    return wanted.equals(committed) ? Optional.empty() : Optional.of(wanted);
  }

  /** A commit succeeded. */
  void committed(OffsetAndMetadata offset) {
    committed = offset;
  }
}
