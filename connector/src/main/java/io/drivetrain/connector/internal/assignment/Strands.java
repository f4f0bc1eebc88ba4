package io.drivetrain.connector.internal.assignment;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * How the records of one partition are cut into strands, and the account of what is done of them.
 */
interface Strands {

  /**
   * Takes what a poll brought.
   *
   * @param touched is told every strand that has new records
   */
  void received(
      List<ConsumerRecord<byte[], byte[]>> records, long bytes, long now, Consumer<Strand> touched);

  /** The first records of a strand are done; it may still have them, and this may come again. */
  void done(Strand strand, List<ConsumerRecord<byte[], byte[]>> records);

  /** How many records count against the limit of records in memory. */
  int held();

  /** How many bytes of keys and values are in memory. */
  long heldBytes();

  /** How many records are received and not done. */
  int queued();

  /** Whether a failure holds up all of the partition. */
  boolean isHeldUp();

  /** Failures of an earlier assignment whose records have not come yet. */
  Collection<Failure> remembered();

  /** The offset after the last record of those done without a gap, -1 before the first. */
  long position();

  /** What a commit has to store, if it would change anything. */
  Optional<OffsetAndMetadata> toCommit();

  /** A commit succeeded. */
  void committed(OffsetAndMetadata offset);
}
