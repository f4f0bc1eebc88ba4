package io.drivetrain.outbox.internal.lease;

import io.drivetrain.schema.platform.Backoff;
import java.time.Duration;

/**
 * How long a node leaves all shards to others after one of its drainers has died, for example of a
 * class that is missing here: whoever is well should drain. Owned by the thread drivetrain-leases.
 */
final class Abstinence {
  private final Duration longest;
  private final Backoff backoff;
  private boolean lasts;
  private long until;

  /**
   * @param first after one death; enough for another node to see that this one leaves its shards
   * @param longest when it dies again each time
   */
  Abstinence(Duration first, Duration longest) {
    this.longest = longest;
    this.backoff = new Backoff(first, longest);
  }

  /** A drainer has died. */
  Duration begin(long now) {
    if (!lasts && now - until > longest.toNanos()) {
      backoff.succeeded();
    }
    if (!lasts) {
      until = now + backoff.failed().toNanos();
      lasts = true;
    }
    return Duration.ofNanos(Math.max(0, until - now));
  }

  /** Whether it lasts at this moment. */
  boolean lasts(long now) {
    lasts &= until - now > 0;
    return lasts;
  }
}
