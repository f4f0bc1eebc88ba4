package io.drivetrain.schema.opentelemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import java.util.Optional;
import java.util.function.Function;

/** The application's OpenTelemetry: a CDI bean, else the global one. Stateless. */
public final class ApplicationTelemetry {
  private ApplicationTelemetry() {}

  /**
   * Looks for it; a no-op if there is none. Call it when the application has started.
   *
   * @param beans the application's one bean of a type, if there is one
   */
  public static OpenTelemetry find(Function<Class<?>, Optional<?>> beans) {
    return beans
        .apply(OpenTelemetry.class)
        .map(OpenTelemetry.class::cast)
        .orElseGet(ApplicationTelemetry::global);
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
