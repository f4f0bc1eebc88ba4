package io.drivetrain.connector.internal.inbound;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Tells from the consumer's own metrics whether the brokers answer: a Kafka consumer never says so,
 * it polls in silence. The poll thread owns it.
 */
final class ConnectionWatch {
  private static final String GROUP = "consumer-metrics";

  private final String servers;
  private final Metric connections;
  private final Metric connected;
  private int silent;

  ConnectionWatch(String servers, Map<MetricName, ? extends Metric> metrics) {
    this.servers = servers;
    this.connections = find(metrics, "connection-count");
    this.connected = find(metrics, "connection-creation-total");
  }

  private static Metric find(Map<MetricName, ? extends Metric> metrics, String name) {
    for (Map.Entry<MetricName, ? extends Metric> metric : metrics.entrySet()) {
      if (metric.getKey().group().equals(GROUP) && metric.getKey().name().equals(name)) {
        return metric.getValue();
      }
    }
    return null;
  }

  /**
   * Looks once; only a second look that finds the same makes a problem, for a client reconnects.
   */
  Optional<String> look() {
    boolean away = isZero(connections) || isZero(connected);
    silent = away ? silent + 1 : 0;
    return silent < 2 ? Optional.empty() : Optional.of("no broker answers at " + servers);
  }

  private static boolean isZero(Metric metric) {
    return metric != null && metric.metricValue() instanceof Double value && value == 0.0;
  }
}
