package io.drivetrain.outbox.internal.trace;

import io.drivetrain.outbox.EncodedMessage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Carries the trace that publishes an event into the event's headers, so that whoever consumes it
 * goes on with that trace; nothing unless the application sees OpenTelemetry's API. Thread-safe.
 */
@FunctionalInterface
public interface TraceContext {

  /** Carries nothing. */
  TraceContext NONE = message -> message;

  /**
   * The event with the trace of the calling thread; as it is if there is none, or it has one of its
   * own.
   */
  EncodedMessage carry(EncodedMessage message);

  /** What the application sees. */
  static TraceContext find() {
    return find(TraceContext.class.getClassLoader());
  }

  /** As {@link #find()}, with the API and the class that uses it from this loader. */
  static TraceContext find(ClassLoader loader) {
    Logger log = System.getLogger(TraceContext.class.getName());
    try {
      Class.forName(
          "io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator", false, loader);
    } catch (ClassNotFoundException | LinkageError absent) {
      log.log(Level.DEBUG, "events carry no trace: the application sees no OpenTelemetry API");
      return NONE;
    }
    try {
      return (TraceContext)
          Class.forName(
                  "io.drivetrain.outbox.internal.opentelemetry.OpenTelemetryContext", true, loader)
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // An API that is too old: events matter more than their traces.
      log.log(Level.WARNING, "events carry no trace: the OpenTelemetry API there is fails", e);
      return NONE;
    }
  }
}
