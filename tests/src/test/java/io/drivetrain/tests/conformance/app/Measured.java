package io.drivetrain.tests.conformance.app;

import io.drivetrain.connector.Channels;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;

/** What the Kafka consumer of the channel {@code in} measures. */
public interface Measured {

  /** Records consumed, 0 if it does not say. */
  double consumed();

  /** Asks the application's {@link Channels}. */
  @ApplicationScoped
  class Bean implements Measured {
    @Inject Channels channels;

    @Override
    public double consumed() {
      return channels.metrics("in").entrySet().stream()
          .filter(metric -> metric.getKey().name().equals("records-consumed-total"))
          // Of the whole client; there is one for each topic as well.
          .filter(metric -> metric.getKey().tags().keySet().equals(Set.of("client-id")))
          .map(Map.Entry::getValue)
          .mapToDouble(metric -> (Double) metric.metricValue())
          .findFirst()
          .orElse(0);
    }
  }
}
