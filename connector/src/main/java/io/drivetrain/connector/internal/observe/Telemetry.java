package io.drivetrain.connector.internal.observe;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.internal.settings.IncomingSettings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whatever measures and traces all channels of the application; nothing unless an OpenTelemetry is
 * there when the application has started. Thread-safe.
 */
public interface Telemetry {

  /** Measures nothing. */
  Telemetry NONE =
      new Telemetry() {
        @Override
        public ChannelTelemetry channel(
            IncomingSettings settings,
            Supplier<ChannelState> state,
            LongSupplier nanos,
            InstantSource clock) {
          return ChannelTelemetry.NONE;
        }

        @Override
        public SendObserver sends(boolean traced) {
          return SendObserver.NONE;
        }

        @Override
        public void close() {}
      };

  /**
   * A channel starts.
   *
   * @param state how it stands, whenever asked
   * @param nanos the clock by which deliveries are measured
   * @param clock the clock of the state's instants
   */
  ChannelTelemetry channel(
      IncomingSettings settings,
      Supplier<ChannelState> state,
      LongSupplier nanos,
      InstantSource clock);

  /**
   * What observes sends.
   *
   * @param traced whether they may have spans
   */
  SendObserver sends(boolean traced);

  /** The application stops: nothing has to be looked at any more. Called once. */
  void close();

  /** Finds what measures, if it has what it needs. Made by name; its constructor takes nothing. */
  interface Finder {

    /**
     * Looks, once.
     *
     * @param beans the application's one bean of a type, if there is one
     */
    Optional<Telemetry> find(Function<Class<?>, Optional<?>> beans);
  }

  /**
   * What measures this application. Call it on a thread of the application, when it has started.
   *
   * @param beans the application's one bean of a type, if there is one
   */
  static Telemetry find(Function<Class<?>, Optional<?>> beans) {
    return find(beans, Telemetry.class.getClassLoader());
  }

  /** As {@link #find(Function)}, with the API and the classes that use it from this loader. */
  static Telemetry find(Function<Class<?>, Optional<?>> beans, ClassLoader loader) {
    Logger log = System.getLogger(Telemetry.class.getName());
    try {
      Class.forName("io.opentelemetry.api.GlobalOpenTelemetry", false, loader);
    } catch (ClassNotFoundException | LinkageError absent) {
      log.log(Level.DEBUG, "no metrics and traces: the application sees no OpenTelemetry API");
      return NONE;
    }
    try {
      Object finder =
          Class.forName(
                  "io.drivetrain.connector.internal.opentelemetry.OpenTelemetryFinder",
                  true,
                  loader)
              .getDeclaredConstructor()
              .newInstance();
      return ((Finder) finder).find(beans).orElse(NONE);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // An API that is too old, or a broken SDK: records matter more than their metrics.
      log.log(Level.WARNING, "no metrics and traces: the OpenTelemetry there is fails", e);
      return NONE;
    }
  }
}
