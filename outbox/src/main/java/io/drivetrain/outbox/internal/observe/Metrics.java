package io.drivetrain.outbox.internal.observe;

import io.drivetrain.outbox.OutboxStatus;
import io.drivetrain.outbox.ParkReason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Hears what this node does, to measure it; nothing unless an OpenTelemetry is there when the
 * application has started. Thread-safe; returns at once.
 */
public interface Metrics {

  /** Measures nothing. */
  Metrics NONE = new Metrics() {};

  /** What becomes of a lease of this node. */
  enum LeaseChange {
    TAKEN,
    RETURNED,
    LOST
  }

  /** Kafka has these events, and they are deleted. */
  default void sent(int events) {}

  /**
   * A batch is with Kafka.
   *
   * @param took from its first event to the answer to the last, with the transaction's end
   */
  default void batch(int events, Duration took) {}

  /** The database knows what Kafka has answered. */
  default void deleted(Duration took) {}

  /** Events are parked. */
  default void parked(ParkReason reason, int events) {}

  /** Events are dropped, as their topic's rule says. */
  default void dropped(int events) {}

  /** Events were found by the full read alone. */
  default void late(long events) {}

  /** A lease has changed. */
  default void lease(LeaseChange change) {}

  /** What is asked for whenever metrics are collected. */
  default void watch(Supplier<OutboxStatus.Snapshot> status) {}

  /** The application stops: nothing is asked any more. */
  default void close() {}

  /** Finds what measures, if it has what it needs. Made by name; its constructor takes nothing. */
  interface Finder {

    /**
     * Looks, once.
     *
     * @param beans the application's one bean of a type, if there is one
     */
    Optional<Metrics> find(Function<Class<?>, Optional<?>> beans);
  }

  /**
   * What measures this application. Call it on a thread of the application, when it has started.
   *
   * @param beans the application's one bean of a type, if there is one
   */
  static Metrics find(Function<Class<?>, Optional<?>> beans) {
    return find(beans, Metrics.class.getClassLoader());
  }

  /** As {@link #find(Function)}, with the API and the classes that use it from this loader. */
  static Metrics find(Function<Class<?>, Optional<?>> beans, ClassLoader loader) {
    Logger log = System.getLogger(Metrics.class.getName());
    try {
      Class.forName("io.opentelemetry.api.GlobalOpenTelemetry", false, loader);
    } catch (ClassNotFoundException | LinkageError absent) {
      log.log(Level.DEBUG, "no metrics: the application sees no OpenTelemetry API");
      return NONE;
    }
    try {
      Object finder =
          Class.forName(
                  "io.drivetrain.outbox.internal.opentelemetry.OpenTelemetryFinder", true, loader)
              .getDeclaredConstructor()
              .newInstance();
      return ((Finder) finder).find(beans).orElse(NONE);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // An API that is too old, or a broken SDK: events matter more than their metrics.
      log.log(Level.WARNING, "no metrics: the OpenTelemetry there is fails", e);
      return NONE;
    }
  }
}
