package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.lease.LeaseSettings;
import java.time.Duration;
import java.util.Map;

/**
 * How a node drains.
 *
 * @param lease how it takes its share of the shards
 * @param batchSize rows read at once, at most
 * @param maxPollInterval how long an idle drainer waits before it reads again
 * @param sendTimeout how long Kafka may be silent before the producer is replaced
 * @param connections of the data source that draining uses at once, at most; one more is for leases
 * @param rules how the rows of each topic are treated
 * @param producer the producer's properties, complete; may hold secrets
 */
public record DrainSettings(
    LeaseSettings lease,
    int batchSize,
    Duration maxPollInterval,
    Duration sendTimeout,
    int connections,
    TopicRules rules,
    Map<String, Object> producer) {

  /** Copies the properties. */
  public DrainSettings {
    producer = Map.copyOf(producer);
  }

  /** How messages call Kafka. */
  String kafka() {
    return "Kafka at " + producer.get("bootstrap.servers");
  }

  /** Without the producer's properties, which may hold secrets. */
  @Override
  public String toString() {
    return "node " + lease.node() + " of the outbox";
  }
}
