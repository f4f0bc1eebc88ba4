package io.drivetrain.connector.internal.assignment;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Which offset of one partition a commit may store: the one after the last record done. Records of
 * a partition are done in order, so one position says it all; it is the offset after a record that
 * was read, never a count, because offsets have gaps (compaction, transaction markers). Not
 * thread-safe.
 */
final class Ledger {
  private ConsumerRecord<byte[], byte[]> lastDone;
  private long committed = -1;

  void done(ConsumerRecord<byte[], byte[]> record) {
    lastDone = record;
  }

  /** The offset after the last record done, -1 before the first. */
  long position() {
    return lastDone == null ? -1 : lastDone.offset() + 1;
  }

  /** What a commit has to store, if it would change anything. */
  Optional<OffsetAndMetadata> toCommit() {
    if (lastDone == null || position() == committed) {
      return Optional.empty();
    }
    return Optional.of(new OffsetAndMetadata(position(), lastDone.leaderEpoch(), ""));
  }

  /** A commit of this offset succeeded. */
  void committed(long offset) {
    committed = offset;
  }
}
