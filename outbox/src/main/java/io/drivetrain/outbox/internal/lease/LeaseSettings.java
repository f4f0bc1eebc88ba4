package io.drivetrain.outbox.internal.lease;

import java.time.Duration;

/**
 * How a node takes its share of the shards.
 *
 * @param node its name among the nodes
 * @param shards into how many shards it asks to divide the events
 * @param lease how long it may hold a shard without renewing
 * @param closeTimeout how long a batch under way may take when a shard is given up
 */
public record LeaseSettings(String node, int shards, Duration lease, Duration closeTimeout) {

  /** By how much earlier than the database this node takes its lease for over. */
  Duration margin() {
    return lease.dividedBy(5);
  }

  /** A node that was not seen for this long gets no share; its leases end by themselves. */
  Duration unseen() {
    return lease.dividedBy(2);
  }

  /** How often a node looks at leases and nodes. */
  Duration interval() {
    return lease.dividedBy(10);
  }
}
