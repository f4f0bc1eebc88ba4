package io.drivetrain.connector.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

class ConnectionWatchTest {
  private final Map<String, Double> values = new HashMap<>();
  private final ConnectionWatch watch = watch();

  private ConnectionWatch watch() {
    Map<MetricName, Metric> metrics = new HashMap<>();
    for (String name : new String[] {"connection-count", "connection-creation-total"}) {
      MetricName metric = new MetricName(name, "consumer-metrics", "", Map.of());
      metrics.put(
          metric,
          new Metric() {
            @Override
            public MetricName metricName() {
              return metric;
            }

            @Override
            public Object metricValue() {
              return values.get(name);
            }
          });
    }
    return new ConnectionWatch("kafka:9092", metrics);
  }

  private void connections(double open, double everOpened) {
    values.put("connection-count", open);
    values.put("connection-creation-total", everOpened);
  }

  @Test
  void brokers_that_never_answered_are_away_even_while_a_connection_is_tried() {
    connections(1, 0);

    assertThat(watch.look()).isEmpty();
    assertThat(watch.look()).contains("no broker answers at kafka:9092");
  }

  @Test
  void one_look_at_a_client_that_reconnects_is_no_problem() {
    connections(0, 3);
    assertThat(watch.look()).isEmpty();
    connections(1, 4);
    assertThat(watch.look()).isEmpty();
    connections(0, 4);
    assertThat(watch.look()).isEmpty();
    assertThat(watch.look()).isPresent();
    connections(1, 5);
    assertThat(watch.look()).isEmpty();
  }

  @Test
  void a_client_without_these_metrics_has_no_problem() {
    ConnectionWatch blind = new ConnectionWatch("kafka:9092", Map.of());

    assertThat(blind.look()).isEmpty();
    assertThat(blind.look()).isEmpty();
  }
}
