package io.drivetrain.outbox.internal.opentelemetry;

import io.drivetrain.outbox.internal.observe.Metrics;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import java.util.Optional;
import java.util.function.Function;

/** Finds the application's OpenTelemetry: a CDI bean, else the global one. Stateless. */
public final class OpenTelemetryFinder implements Metrics.Finder {
  private static final String SCOPE = "io.drivetrain.outbox";

  @Override
  public Optional<Metrics> find(Function<Class<?>, Optional<?>> beans) {
    MeterProvider meters =
        beans
            .apply(OpenTelemetry.class)
            .map(OpenTelemetry.class::cast)
            .orElseGet(OpenTelemetryFinder::global)
            .getMeterProvider();
    return meters == MeterProvider.noop()
        ? Optional.empty()
        : Optional.of(new OpenTelemetryMetrics(meters.get(SCOPE)));
  }

  private static OpenTelemetry global() {
    try {
      // get() would make a no-op of an OpenTelemetry that is not set yet, for good.
      return GlobalOpenTelemetry.getOrNoop();
    } catch (NoSuchMethodError older) {
      return GlobalOpenTelemetry.get();
    }
  }
}
