package io.drivetrain.schema.platform;

import java.time.Duration;

/**
 * How long to wait before trying again: twice as long after each failure, within bounds. Owned by
 * one thread.
 */
public final class Backoff {
  private final Duration first;
  private final Duration longest;
  private Duration next;

  /** From {@code first} after one failure up to {@code longest}. */
  public Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /** After a failure: the time to wait now. */
  public Duration failed() {
    Duration wait = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(longest) > 0 ? longest : doubled;
    return wait;
  }

  /** After a success: the next failure waits the shortest time again. */
  public void succeeded() {
    next = first;
  }
}
