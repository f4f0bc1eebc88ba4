package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.Snapshot;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * From which id on a shard must be read so that no row is missed. Owned by the draining thread.
 *
 * <p>A plain watermark loses rows: ids are drawn at INSERT and visible at COMMIT, so a row may
 * appear below one that was read. But what can still appear is known. A row that this read sees and
 * the last one did not belongs to a transaction that had not completed then: one that was listed as
 * running, or one from the last snapshot's end on. For each of them the {@link Markers} know an id
 * below everything it drew. So a read begins at the lowest of those ids, and never above what was
 * read.
 *
 * <p>On any doubt it begins at 0, which is always right and only slower: dead rows that vacuum may
 * not remove yet are walked over.
 */
final class Cursor {
  /** A pool that opens connections all the time must not fill the memory. */
  private static final int KEPT = 1_000;

  private final Markers markers;

  /** Of the last read; null if the next one must begin at 0. */
  private Snapshot last;

  /** Sessions that took a snapshot at {@link #last} or before. */
  private final Set<Integer> sessions = new HashSet<>();

  /** Every row that was visible in {@link #last} up to this id was read, except of these topics. */
  private long readTo;

  private final Set<String> without = new HashSet<>();

  /** What ran at the last read: below which id none of its rows is. */
  private Map<Long, Long> running = Map.of();

  Cursor(Markers markers) {
    this.markers = markers;
  }

  /** The next read begins at 0: something that was read must be read again. */
  void reset() {
    last = null;
    without.clear();
  }

  /** Rows of a topic were read and put aside: once it is usable everything is read again. */
  void leaveOut(String topic) {
    without.add(topic);
  }

  /** These topics are left out of the next read. */
  void leaveOut(Collection<String> topics) {
    if (!topics.containsAll(without)) {
      reset();
    }
    without.addAll(topics);
  }

  /** Whether rows of some topics were not read. */
  boolean leavesOut() {
    return !without.isEmpty();
  }

  /** The id from which on, exclusive, a read in this snapshot must look. */
  long low(Snapshot now) {
    if (last == null || !follows(now)) {
      return 0;
    }
    // Those that were not even listed.
    long low = Math.min(readTo, markers.below(now.server(), last.xmax()));
    for (Map.Entry<Long, Long> each : running.entrySet()) {
      if (now.completed(each.getKey())) {
        low = Math.min(low, above(now, each.getKey(), each.getValue()));
      }
    }
    return low;
  }

  /**
   * Whether the server has run without a break since the last read. After a crash it gives ids of
   * transactions once more that it had given to some that were rolled back. A crash ends every
   * session, so one that is older than the last read says that there was none.
   */
  private boolean follows(Snapshot now) {
    return now.follows(last) && sessions.contains(now.session());
  }

  /** A marker may have come to be known since, or be forgotten. */
  private long above(Snapshot now, long xid, long known) {
    return Math.max(known, markers.below(now.server(), xid));
  }

  /**
   * A read has been done.
   *
   * @param to the last id it returned, if it returned as many rows as it was allowed to; else
   *     {@link Long#MAX_VALUE}, for it has seen everything
   */
  void read(Snapshot now, long to) {
    Map<Long, Long> before = last != null && now.follows(last) ? running : Map.of();
    if (sessions.size() >= KEPT) {
      sessions.clear();
    }
    sessions.add(now.session());
    Map<Long, Long> after = new HashMap<>();
    for (long xid : now.running()) {
      after.put(xid, above(now, xid, before.getOrDefault(xid, 0L)));
    }
    running = after;
    last = now;
    readTo = to;
  }
}
