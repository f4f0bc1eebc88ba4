package io.drivetrain.connector.internal.assignment;

import io.drivetrain.connector.internal.policy.HandOver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Order per key: the records of each key are a strand, and so are those without a key. What is done
 * has gaps then. What counts against the limit of records in memory is everything from the first
 * record that is not done on, so a key that fails for long stops the fetching in the end.
 */
final class StrandPerKey implements Strands {
  private final Partition partition;
  private final HandOver handOver;
  private final Ledger ledger;
  private final Ahead ahead;
  private final Map<Long, Failure> remembered;
  private final Map<Key, KeyLine> lines = new HashMap<>();
  private int queued;
  private long queuedBytes;

  StrandPerKey(
      Partition partition,
      HandOver handOver,
      Ledger ledger,
      DoneOffsets done,
      Map<Long, Failure> remembered) {
    this.partition = partition;
    this.handOver = handOver;
    this.ledger = ledger;
    this.ahead = new Ahead(partition.name(), ledger, done);
    this.remembered = remembered;
  }

  @Override
  public void received(
      List<ConsumerRecord<byte[], byte[]>> records,
      long bytes,
      long now,
      Consumer<Strand> touched) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Entry entry = new Entry(record, now);
      if (ahead.received(entry)) {
        KeyLine line = lines.computeIfAbsent(Key.of(record.key()), KeyLine::new);
        recall(line, entry);
        line.add(entry);
        touched.accept(line.strand);
      }
    }
  }

  private void recall(KeyLine line, Entry entry) {
    if (!remembered.isEmpty()) {
      Failure failure = remembered.remove(entry.offset());
      // Where it is not the first of its key, the key has gone back, and its count with it.
      if (failure != null && line.size() == 0) {
        line.strand.recall(failure);
      }
    }
  }

  @Override
  public int held() {
    return ahead.size();
  }

  @Override
  public long heldBytes() {
    return queuedBytes;
  }

  @Override
  public int queued() {
    return queued;
  }

  @Override
  public int ahead() {
    return ahead.done();
  }

  @Override
  public boolean isHeldUp() {
    return false;
  }

  @Override
  public Collection<Failure> remembered() {
    return remembered.values().stream().filter(failure -> failure.offset() > ahead.last()).toList();
  }

  @Override
  public long position() {
    return ledger.position();
  }

  @Override
  public Optional<OffsetAndMetadata> toCommit() {
    String metadata = ahead.metadata();
    if (ledger.position() < 0 && !metadata.isEmpty()) {
      // Nothing before it is done, but something behind it is.
      ahead.first().ifPresent(first -> ledger.standsAt(first.offset(), first.epoch()));
    }
    return ledger.toCommit(metadata);
  }

  @Override
  public void committed(OffsetAndMetadata offset) {
    ledger.committed(offset);
  }

  /** The records of one key; it is forgotten with the last of them. */
  private final class KeyLine implements Line {
    final Key key;
    final Strand strand;
    final Deque<Entry> entries = new ArrayDeque<>(1);

    KeyLine(Key key) {
      this.key = key;
      this.strand = new Strand(partition, handOver, this);
    }

    void add(Entry entry) {
      entries.addLast(entry);
      queued++;
      queuedBytes += Line.bytes(entry.record());
    }

    @Override
    public int size() {
      return entries.size();
    }

    @Override
    public long arrivedNanos() {
      return entries.getFirst().arrivedNanos();
    }

    @Override
    public List<ConsumerRecord<byte[], byte[]>> first(int most, long mostBytes) {
      int count = Math.min(most, entries.size());
      List<ConsumerRecord<byte[], byte[]>> first = new ArrayList<>(count);
      long sum = 0;
      for (Entry entry : entries) {
        sum += Line.bytes(entry.record());
        if (first.size() == count || !first.isEmpty() && sum > mostBytes) {
          break;
        }
        first.add(entry.record());
      }
      return first;
    }

    @Override
    public void done(int count) {
      int left = count;
      for (Entry entry : entries) {
        if (left-- == 0) {
          return;
        }
        ahead.done(entry);
      }
    }

    @Override
    public void remove(int count) {
      for (int i = 0; i < count; i++) {
        Entry entry = entries.removeFirst();
        queued--;
        queuedBytes -= Line.bytes(entry.record());
        entry.release();
      }
      if (entries.isEmpty()) {
        lines.remove(key);
      }
    }
  }
}
