package io.drivetrain.connector.internal.assignment;

import io.drivetrain.connector.internal.policy.HandOver;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** Order per partition: all its records are one strand, so what is done is a position. */
final class OneStrand implements Strands {
  private final Ledger ledger;
  private final Chunks line;
  private final Strand strand;
  private Map<Long, Failure> remembered;

  OneStrand(Partition partition, HandOver handOver, Ledger ledger, Map<Long, Failure> remembered) {
    this.ledger = ledger;
    this.line = new Chunks(handOver.batches());
    this.strand = new Strand(partition, handOver, line);
    this.remembered = remembered;
  }

  @Override
  public void received(
      List<ConsumerRecord<byte[], byte[]>> records,
      long bytes,
      long now,
      Consumer<Strand> touched) {
    if (!remembered.isEmpty()) {
      // Another node got past a record that is not the first.
      Failure failure = remembered.get(records.get(0).offset());
      if (failure != null) {
        strand.recall(failure);
      }
      remembered = Map.of();
    }
    line.add(records, bytes, now);
    touched.accept(strand);
  }

  @Override
  public void done(Strand any, List<ConsumerRecord<byte[], byte[]>> records) {
    if (!records.isEmpty()) {
      ledger.done(records.get(records.size() - 1));
    }
  }

  @Override
  public int held() {
    return line.size();
  }

  @Override
  public long heldBytes() {
    return line.bytes();
  }

  @Override
  public int queued() {
    return line.size();
  }

  @Override
  public boolean isHeldUp() {
    return strand.failure() != null;
  }

  @Override
  public Collection<Failure> remembered() {
    return remembered.values();
  }

  @Override
  public long position() {
    return ledger.position();
  }

  @Override
  public Optional<OffsetAndMetadata> toCommit() {
    return ledger.toCommit("");
  }

  @Override
  public void committed(OffsetAndMetadata offset) {
    ledger.committed(offset);
  }
}
