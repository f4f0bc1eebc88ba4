package io.drivetrain.outbox.internal.drain;

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

  /** One shard this node may drain; read by the thread that drains it. */
  static final class Lease {
    private final Tenure tenure;

    /** Written by the owner of {@link Leases}, read by the draining thread. */
    private volatile long deadline;

    /** As {@link #deadline}; never becomes false again. */
    private volatile boolean ended;

    Lease(Tenure tenure, long deadline) {
      this.tenure = tenure;
      this.deadline = deadline;
    }

    Tenure tenure() {
      return tenure;
    }

    int shard() {
      return tenure.shard();
    }

    /** Whether no other node can hold the shard at this moment. */
    boolean heldAt(long now) {
      return !ended && deadline - now > 0;
    }
  }

  private final int shards;
  private final Duration ttl;
  private final long usable;
  private final Map<Integer, Lease> held = new TreeMap<>();
  private long lastRenewal;

  /**
   * @param shards how many there are
   * @param ttl how long the database grants a lease
   * @param margin by how much earlier this node stops
   */
  Leases(int shards, Duration ttl, Duration margin) {
    this.shards = shards;
    this.ttl = ttl;
    this.usable = ttl.minus(margin).toNanos();
  }

  /** What is held, to be renewed or released. */
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
        lease.deadline = before + usable;
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
  List<Lease> claimed(long before, Collection<Tenure> claimed) {
    if (held.isEmpty()) {
      lastRenewal = before;
    }
    List<Lease> leases = new ArrayList<>();
    for (Tenure tenure : claimed) {
      Lease lease = new Lease(tenure, before + usable);
      held.put(tenure.shard(), lease);
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

  /** Forgets a lease that was given back. */
  void released(Lease lease) {
    end(lease);
  }

  private void end(Lease lease) {
    held.remove(lease.shard(), lease);
    lease.ended = true;
  }

  /** How many shards this node should try to get, so that all nodes have an equal share. */
  int wanted(int liveNodes) {
    return Math.max(0, share(liveNodes) - held.size());
  }

  /** What this node holds beyond its share and should give back after the batch under way. */
  List<Lease> surplus(int liveNodes) {
    List<Lease> all = List.copyOf(held.values());
    return all.subList(Math.min(all.size(), share(liveNodes)), all.size());
  }

  private int share(int liveNodes) {
    int nodes = Math.max(1, liveNodes);
    return (shards + nodes - 1) / nodes;
  }
}
