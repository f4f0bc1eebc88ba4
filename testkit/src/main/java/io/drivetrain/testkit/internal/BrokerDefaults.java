package io.drivetrain.testkit.internal;

import java.util.Map;

/** The settings of a lone broker that starts, rebalances and recovers fast. */
final class BrokerDefaults {
  static final Map<String, String> SINGLE_NODE =
      Map.ofEntries(
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
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
}
