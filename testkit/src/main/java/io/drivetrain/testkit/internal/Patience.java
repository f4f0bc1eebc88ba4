package io.drivetrain.testkit.internal;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Bounded waiting for servers. An interrupt ends it with an exception and stays set. */
public final class Patience {
  private Patience() {}

  /** Sleeps. */
  public static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a test server", e);
    }
  }

  /** Polls until the condition holds or the time is over; says which. */
  public static boolean await(Duration bound, BooleanSupplier condition) {
    long end = System.nanoTime() + bound.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      pause(20);
    }
    return true;
  }
}
