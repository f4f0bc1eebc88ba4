package io.drivetrain.outbox.internal.opentelemetry;

import io.drivetrain.outbox.internal.observe.Metrics;
import io.drivetrain.schema.opentelemetry.ApplicationTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import java.util.Optional;
import java.util.function.Function;

/** Measures with the application's OpenTelemetry, if it has one. Stateless. */
public final class OpenTelemetryFinder implements Metrics.Finder {
  private static final String SCOPE = "io.drivetrain.outbox";

  @Override
  public Optional<Metrics> find(Function<Class<?>, Optional<?>> beans) {
    MeterProvider meters = ApplicationTelemetry.find(beans).getMeterProvider();
    return meters == MeterProvider.noop()
        ? Optional.empty()
        : Optional.of(new OpenTelemetryMetrics(meters.get(SCOPE)));
  }
}
