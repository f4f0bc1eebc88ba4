package io.drivetrain.connector.internal.inbound;

import java.time.Duration;
import java.util.Optional;

/** Whether a loop turns. Its thread beats, any thread looks. */
final class Pulse {
  private final Time time;

  // Written by the loop's thread alone.
  private volatile boolean running;
  private volatile long beats;
  private volatile long lastNanos;

  Pulse(Time time) {
    this.time = time;
  }

  /** A turn begins. */
  void beat() {
    lastNanos = time.nanos();
    beats = beats + 1;
    running = true;
  }

  /** The loop ended. */
  void end() {
    running = false;
  }

  /** Grows with each turn. */
  long beats() {
    return beats;
  }

  /** For how long no turn has begun; empty before the first and after the end. */
  Optional<Duration> silence() {
    return running
        ? Optional.of(Duration.ofNanos(Math.max(0, time.nanos() - lastNanos)))
        : Optional.empty();
  }
}
