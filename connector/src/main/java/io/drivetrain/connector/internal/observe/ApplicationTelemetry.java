package io.drivetrain.connector.internal.observe;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * What measures this application: nothing until it has started, because it may set its
 * OpenTelemetry then. Thread-safe.
 */
@ApplicationScoped
public class ApplicationTelemetry {
  private final Instance<Object> beans;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicReference<Telemetry> telemetry = new AtomicReference<>(Telemetry.NONE);

  /** For the container's proxy. */
  protected ApplicationTelemetry() {
    this(null);
  }

  /** By the container. */
  @Inject
  public ApplicationTelemetry(Instance<Object> beans) {
    this.beans = beans;
  }

  /** After the application's own start, before the channels'. */
  void start(@Observes @Priority(999_999) Startup event) {
    telemetry.set(Telemetry.find(this::bean));
  }

  private Optional<?> bean(Class<?> type) {
    Instance<?> found = beans.select(type);
    return found.isResolvable() ? Optional.of(found.get()) : Optional.empty();
  }

  void stop(@Observes @Priority(60) Shutdown event) {
    stop();
  }

  void stop(@Observes @Priority(60) @BeforeDestroyed(ApplicationScoped.class) Object event) {
    stop();
  }

  private void stop() {
    // Sends are observed for as long as beans send: in their @PreDestroy.
    if (!stopped.getAndSet(true)) {
      telemetry.get().close();
    }
  }

  /** What measures channels now. */
  public Telemetry now() {
    return telemetry.get();
  }

  /**
   * What observes sends, whenever asked.
   *
   * @param traced whether they may have spans
   */
  public Supplier<SendObserver> sends(boolean traced) {
    // Not through the bean's proxy: this is asked for every record.
    AtomicReference<Telemetry> current = telemetry;
    return () -> current.get().sends(traced);
  }
}
