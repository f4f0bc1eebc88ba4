package io.drivetrain.connector.internal.assignment;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * What is done ahead of the first record that is not: the ledger of a partition whose keys go on
 * independently. It moves the position when the record at it is done, and tells in the metadata of
 * a commit what else is, so that a restart does not repeat it. Plain state; guarded by the lock of
 * the channel.
 */
final class Ahead {
  private final TopicPartition partition;
  private final Ledger ledger;

  /** From the first record that is not done on, in the order in which they came. */
  private final Deque<Entry> open = new ArrayDeque<>();

  /** What was done in an earlier assignment, of records that have not come again yet. */
  private DoneOffsets earlier;

  private int done;
  private long last = -1;
  private String metadata = "";
  private boolean changed = true;

  Ahead(TopicPartition partition, Ledger ledger, DoneOffsets earlier) {
    this.partition = partition;
    this.ledger = ledger;
    this.earlier = earlier;
  }

  /** A record came; false if it needs nobody, because it was done in an earlier assignment. */
  boolean received(Entry entry) {
    // The consumer began elsewhere than at the commit, or the topic was made anew.
    if (entry.offset() < earlier.base() || entry.offset() <= last) {
      earlier = DoneOffsets.NONE;
    }
    last = entry.offset();
    open.addLast(entry);
    if (earlier.contains(entry.offset())) {
      entry.release();
      done(entry);
      return false;
    }
    return true;
  }

  void done(Entry entry) {
    if (entry.isDone()) {
      return;
    }
    entry.markDone();
    changed = true;
    done++;
    while (!open.isEmpty() && open.getFirst().isDone()) {
      Entry first = open.removeFirst();
      ledger.done(first.offset(), first.epoch());
      done--;
    }
  }

  /** How many records there are from the first that is not done on. */
  int size() {
    return open.size();
  }

  /** How many of them are done. */
  int done() {
    return done;
  }

  /** The first record that is not done. */
  Optional<Entry> first() {
    return Optional.ofNullable(open.peekFirst());
  }

  /** The last offset that came, -1 before the first. */
  long last() {
    return last;
  }

  /** What a commit of the position has to say of the records behind it. */
  String metadata() {
    if (changed) {
      metadata = OffsetMetadata.encode(partition, offsets(), OffsetMetadata.MOST_CHARS);
      changed = false;
    }
    return metadata;
  }

  private DoneOffsets offsets() {
    boolean begun = ledger.position() >= 0 || !open.isEmpty();
    if (!begun || done == 0 && earlier.isEmpty()) {
      return DoneOffsets.NONE;
    }
    long base = ledger.position() >= 0 ? ledger.position() : open.getFirst().offset();
    DoneOffsets.Builder offsets = new DoneOffsets.Builder(base);
    long from = base;
    long to = base;
    for (Entry entry : open) {
      if (entry.offset() < to) {
        // A topic made anew: the position will be told when it has got there.
        return offsets.add(from, to).build();
      }
      if (!entry.isDone()) {
        offsets.add(from, to);
        from = entry.offset() + 1;
      } else if (from == to) {
        from = entry.offset();
      }
      to = entry.offset() + 1;
    }
    offsets.add(from, to);
    for (int i = 0; i < earlier.ranges(); i++) {
      long unseen = Math.max(earlier.from(i), last + 1);
      if (unseen < earlier.to(i)) {
        offsets.add(unseen, earlier.to(i));
      }
    }
    return offsets.build();
  }
}
