package io.drivetrain.outbox.internal.drain;

import io.drivetrain.schema.platform.Backoff;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How long something is left alone after failures. Owned by the draining thread. */
final class Rest {
  private final LongSupplier clock;
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));
  private long until;

  /**
   * @param clock monotonic, in nanoseconds
   */
  Rest(LongSupplier clock) {
    this.clock = clock;
    this.until = clock.getAsLong();
  }

  boolean lasts() {
    return until - clock.getAsLong() > 0;
  }

  void failed() {
    until = clock.getAsLong() + backoff.failed().toNanos();
  }

  void succeeded() {
    backoff.succeeded();
  }

  /** It may be used again: something says that it is there. */
  void end() {
    until = clock.getAsLong();
  }
}
