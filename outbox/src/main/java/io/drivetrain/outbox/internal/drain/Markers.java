package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.Marker;
import java.util.Map;
import java.util.TreeMap;

/**
 * The markers of one node, from every transaction of its own that writes. Thread-safe. Forgetting
 * one is always allowed: reads then begin lower.
 */
final class Markers {
  private static final int KEPT = 1_000;

  /** By transaction; ids grow with them. */
  private final TreeMap<Long, Long> ids = new TreeMap<>();

  private String server = "";
  private boolean distrusted;

  synchronized void add(Marker marker) {
    if (marker.server().isEmpty()) {
      return;
    }
    if (!marker.server().equals(server)) {
      // After a failover both counters may have gone back.
      ids.clear();
      server = marker.server();
    }
    long id = Math.max(marker.id(), below(marker.xid()));
    ids.put(marker.xid(), id);
    // What holds of this transaction holds of all later ones; they may have been told of before it.
    for (Map.Entry<Long, Long> later : ids.tailMap(marker.xid(), false).entrySet()) {
      if (later.getValue() >= id) {
        break;
      }
      later.setValue(id);
    }
    if (ids.size() > KEPT) {
      ids.pollFirstEntry();
    }
  }

  /** What a transaction draws is above this; 0 if nothing is known. */
  synchronized long below(String onServer, long xid) {
    return distrusted || !onServer.equals(server) ? 0 : below(xid);
  }

  private long below(long xid) {
    Map.Entry<Long, Long> lower = ids.lowerEntry(xid);
    return lower == null ? 0 : lower.getValue();
  }

  /** They were wrong once; from now on every read begins at the beginning. */
  synchronized void distrust() {
    distrusted = true;
  }
}
