package io.drivetrain.outbox.internal.lease;

import io.drivetrain.outbox.internal.store.LeaseTable.Grant;
import io.drivetrain.outbox.internal.store.LeaseTable.Tenure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which shards this node may drain, as far as it can know. Owned by the thread drivetrain-leases.
 *
 * <p>The database decides by its own clock until when a lease lasts. This node only knows that the
 * database cannot have counted from earlier than the moment before the request was sent; so it
 * stops that long after that moment, less a margin for a batch that is under way. Times are of a
 * monotonic clock of this node, in nanoseconds.
 */
final class Leases {
  private final Duration ttl;
  private final long usable;
  private final Map<Integer, Lease> held = new TreeMap<>();
  private long lastRenewal;

  /**
   * @param ttl how long the database grants a lease
   * @param margin by how much earlier this node stops
   */
  Leases(Duration ttl, Duration margin) {
    this.ttl = ttl;
    this.usable = ttl.minus(margin).toNanos();
  }

  /** What is held, to be renewed. */
  List<Tenure> tenures() {
    return held.values().stream().map(Lease::tenure).toList();
  }

  /** Whether leases should be renewed: two renewals may fail before one runs out. */
  boolean renewalDue(long now) {
    return !held.isEmpty() && now - lastRenewal >= ttl.toNanos() / 3;
  }

  /**
   * The database has answered a renewal.
   *
   * @param before a moment before the request was sent
   * @param renewed what it still found to be this node's
   * @return what this node has lost
   */
  List<Lease> renewed(long before, Collection<Tenure> renewed) {
    lastRenewal = before;
    List<Lease> lost = new ArrayList<>();
    for (Lease lease : List.copyOf(held.values())) {
      if (renewed.contains(lease.tenure())) {
        lease.extend(before + usable);
      } else {
        lost.add(lease);
        end(lease);
      }
    }
    return lost;
  }

  /**
   * The database has granted shards.
   *
   * @param before a moment before the request was sent
   */
  List<Lease> claimed(long before, Collection<Grant> grants) {
    if (held.isEmpty()) {
      lastRenewal = before;
    }
    List<Lease> leases = new ArrayList<>();
    for (Grant grant : grants) {
      Lease lease = new Lease(grant, before + usable);
      held.put(lease.shard(), lease);
      leases.add(lease);
    }
    return leases;
  }

  /** Forgets leases whose deadline is over, because no renewal was answered in time. */
  List<Lease> expire(long now) {
    List<Lease> over = held.values().stream().filter(lease -> !lease.heldAt(now)).toList();
    over.forEach(this::end);
    return over;
  }

  /**
   * Forgets a lease that is given back.
   *
   * @return whether it was still held
   */
  boolean released(Lease lease) {
    return end(lease);
  }

  private boolean end(Lease lease) {
    lease.end();
    return held.remove(lease.shard(), lease);
  }

  /** How many shards this node should try to get. */
  int wanted(int target) {
    return Math.max(0, target - held.size());
  }

  /** What this node holds beyond its share and should give back after the batch under way. */
  List<Lease> surplus(int target) {
    List<Lease> all = List.copyOf(held.values());
    return all.subList(Math.min(all.size(), target), all.size());
  }
}
