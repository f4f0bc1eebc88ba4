package io.drivetrain.connector.internal.opentelemetry;

import io.drivetrain.connector.internal.observe.Telemetry;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import java.util.Optional;
import java.util.function.Function;

/** Finds the application's OpenTelemetry: a CDI bean, else the global one. Stateless. */
public final class OpenTelemetryFinder implements Telemetry.Finder {

  @Override
  public Optional<Telemetry> find(Function<Class<?>, Optional<?>> beans) {
    OpenTelemetry found =
        beans
            .apply(OpenTelemetry.class)
            .map(OpenTelemetry.class::cast)
            .orElseGet(OpenTelemetryFinder::global);
    boolean silent =
        found.getMeterProvider() == MeterProvider.noop()
            && found.getTracerProvider() == TracerProvider.noop();
    return silent ? Optional.empty() : Optional.of(new OpenTelemetryTelemetry(found));
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
