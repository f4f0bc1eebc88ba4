package io.drivetrain.connector.internal.assignment;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * All records of a partition in the lists in which polls brought them: nothing is done per record.
 */
final class Chunks implements Line {

  /** What one poll brought; taken from its front without copying. */
  private static final class Chunk {
    final List<ConsumerRecord<byte[], byte[]>> records;
    final long bytes;
    final long arrivedNanos;
    int from;

    Chunk(List<ConsumerRecord<byte[], byte[]>> records, long bytes, long arrivedNanos) {
      this.records = records;
      this.bytes = bytes;
      this.arrivedNanos = arrivedNanos;
    }

    int left() {
      return records.size() - from;
    }
  }

  private final boolean batches;
  private final Deque<Chunk> chunks = new ArrayDeque<>();
  private int size;
  private long bytes;

  /**
   * Empty.
   *
   * @param batches whether what is taken may span chunks
   */
  Chunks(boolean batches) {
    this.batches = batches;
  }

  void add(List<ConsumerRecord<byte[], byte[]>> records, long bytesOfAll, long now) {
    chunks.addLast(new Chunk(records, bytesOfAll, now));
    size += records.size();
    bytes += bytesOfAll;
  }

  @Override
  public int size() {
    return size;
  }

  /** Of every chunk of which a record is left. */
  long bytes() {
    return bytes;
  }

  @Override
  public long arrivedNanos() {
    return chunks.getFirst().arrivedNanos;
  }

  @Override
  public List<ConsumerRecord<byte[], byte[]>> first(int most, long mostBytes) {
    Chunk head = chunks.getFirst();
    int count = Math.min(most, size);
    if (!batches || mostBytes == Long.MAX_VALUE && head.left() >= count) {
      return head.records.subList(head.from, head.from + Math.min(count, head.left()));
    }
    List<ConsumerRecord<byte[], byte[]>> first = new ArrayList<>(count);
    long sum = 0;
    for (Chunk chunk : chunks) {
      for (int i = chunk.from; i < chunk.records.size(); i++) {
        ConsumerRecord<byte[], byte[]> record = chunk.records.get(i);
        sum += Line.bytes(record);
        if (first.size() == count || !first.isEmpty() && sum > mostBytes) {
          return first;
        }
        first.add(record);
      }
    }
    return first;
  }

  @Override
  public void remove(int count) {
    size -= count;
    int left = count;
    while (left > 0) {
      Chunk head = chunks.getFirst();
      int taken = Math.min(left, head.left());
      head.from += taken;
      left -= taken;
      if (head.left() == 0) {
        bytes -= head.bytes;
        chunks.removeFirst();
      }
    }
  }
}
