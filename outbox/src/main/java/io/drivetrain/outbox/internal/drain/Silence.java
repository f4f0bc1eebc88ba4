package io.drivetrain.outbox.internal.drain;

import java.time.Duration;
import java.util.function.LongSupplier;

/** For how long Kafka has said nothing to what is under way. Owned by the draining thread. */
final class Silence {
  private final LongSupplier clock;
  private int answered;
  private long since;

  /**
   * @param clock monotonic, in nanoseconds
   */
  Silence(LongSupplier clock) {
    this.clock = clock;
    this.since = clock.getAsLong();
  }

  /** So many rows of those under way are answered now. */
  void heard(int now) {
    if (now != answered) {
      broken(now);
    }
  }

  /** It begins anew. */
  void broken(int now) {
    answered = now;
    since = clock.getAsLong();
  }

  /** Whether it has lasted longer than this. */
  boolean exceeds(Duration time) {
    return clock.getAsLong() - since > time.toNanos();
  }
}
