package io.drivetrain.outbox.internal.drain;

import java.time.Duration;
import java.util.Map;

/**
 * How a node drains.
 *
 * @param node its name among the nodes
 * @param shards how many shares the events are divided into
 * @param batchSize rows read at once, at most
 * @param maxPollInterval how long an idle drainer waits before it reads again
 * @param lease how long a node may hold a shard without renewing
 * @param sendTimeout how long Kafka may be silent before the producer is replaced
 * @param closeTimeout how long a batch under way may take when the node stops
 * @param producer the producer's properties, complete; may hold secrets
 */
public record DrainSettings(
    String node,
    int shards,
    int batchSize,
    Duration maxPollInterval,
    Duration lease,
    Duration sendTimeout,
    Duration closeTimeout,
    Map<String, Object> producer) {

  /** Copies the properties. */
  public DrainSettings {
    producer = Map.copyOf(producer);
  }

  /** By how much earlier than the database this node takes its lease for over. */
  Duration leaseMargin() {
    return lease.dividedBy(5);
  }

  /** How messages call Kafka. */
  String kafka() {
    return "Kafka at " + producer.get("bootstrap.servers");
  }

  /** Without the producer's properties, which may hold secrets. */
  @Override
  public String toString() {
    return "node " + node + " of the outbox";
  }
}
