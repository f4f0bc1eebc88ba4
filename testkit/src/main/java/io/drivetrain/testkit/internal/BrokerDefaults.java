package io.drivetrain.testkit.internal;

import java.util.HashMap;
import java.util.Map;

/** The settings of brokers that start, rebalance and recover fast. */
final class BrokerDefaults {
  private static final Map<String, String> COMMON =
      Map.ofEntries(
          Map.entry("offsets.topic.num.partitions", "5"),
          Map.entry("transaction.state.log.num.partitions", "5"),
          Map.entry("share.coordinator.state.topic.num.partitions", "5"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          // A misspelt topic must be an error in a test, not a new topic.
          Map.entry("auto.create.topics.enable", "false"),
          // 128 MB by default, more than the whole heap may be.
          Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
          // A start after a kill waits until the session before it has expired.
          Map.entry("broker.session.timeout.ms", "2000"),
          Map.entry("broker.heartbeat.interval.ms", "500"),
          Map.entry("group.consumer.min.heartbeat.interval.ms", "100"),
          Map.entry("group.consumer.heartbeat.interval.ms", "250"),
          Map.entry("group.share.min.heartbeat.interval.ms", "100"),
          Map.entry("group.share.heartbeat.interval.ms", "250"));

  private BrokerDefaults() {}

  /** For each of so many brokers: every topic is on all of them, up to three. */
  static Map<String, String> of(int brokers) {
    String replicas = Integer.toString(Math.min(3, brokers));
    // One less than there are replicas may be missing, but never an acknowledged record.
    String inSync = Integer.toString(brokers >= 3 ? 2 : 1);
    Map<String, String> settings = new HashMap<>(COMMON);
    settings.put("default.replication.factor", replicas);
    settings.put("min.insync.replicas", inSync);
    settings.put("offsets.topic.replication.factor", replicas);
    settings.put("transaction.state.log.replication.factor", replicas);
    settings.put("transaction.state.log.min.isr", inSync);
    settings.put("share.coordinator.state.topic.replication.factor", replicas);
    settings.put("share.coordinator.state.topic.min.isr", inSync);
    return settings;
  }
}
