package io.drivetrain.connector.internal.opentelemetry;

import io.drivetrain.connector.internal.observe.Telemetry;
import io.drivetrain.schema.opentelemetry.ApplicationTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import java.util.Optional;
import java.util.function.Function;

/** Measures with the application's OpenTelemetry, if it has one. Stateless. */
public final class OpenTelemetryFinder implements Telemetry.Finder {

  @Override
  public Optional<Telemetry> find(Function<Class<?>, Optional<?>> beans) {
    OpenTelemetry found = ApplicationTelemetry.find(beans);
    boolean silent =
        found.getMeterProvider() == MeterProvider.noop()
            && found.getTracerProvider() == TracerProvider.noop();
    return silent ? Optional.empty() : Optional.of(new OpenTelemetryTelemetry(found));
  }
}
