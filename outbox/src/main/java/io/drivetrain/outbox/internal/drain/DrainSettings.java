package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.lease.LeaseSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How a node drains.
 *
 * @param lease how it takes its share of the shards
 * @param batchSize rows read at once, at most
 * @param maxPollInterval how long an idle drainer waits before it reads again
 * @param sendTimeout how long Kafka may be silent before the producer is replaced
 * @param connections of the data source that draining uses at once, at most; one more is for leases
 * @param archiveDays for how many days to keep what was sent; 0 for not at all
 * @param rules how the rows of each topic are treated
 * @param transactionalIds with what transactional ids begin; empty if batches are no transactions
 * @param producer the producer's properties, complete; may hold secrets
 */
public record DrainSettings(
    LeaseSettings lease,
    int batchSize,
    Duration maxPollInterval,
    Duration sendTimeout,
    int connections,
    int archiveDays,
    TopicRules rules,
    Optional<String> transactionalIds,
    Map<String, Object> producer) {

  /** Copies the properties. */
  public DrainSettings {
    producer = Map.copyOf(producer);
  }

  /** The same with the transactional id of a shard, which outlives its owners. */
  DrainSettings transactional(String id) {
    Map<String, Object> properties = new HashMap<>(producer);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
    return new DrainSettings(
        lease,
        batchSize,
        maxPollInterval,
        sendTimeout,
        connections,
        archiveDays,
        rules,
        transactionalIds,
        properties);
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
