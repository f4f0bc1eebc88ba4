package io.drivetrain.testkit;

import java.time.Duration;

/**
 * Waits for what another thread or process brings about: runs an assertion again and again until it
 * holds or a bound is over. Stateless.
 */
public final class Eventually {
  /** The bound when none is given. */
  public static final Duration DEFAULT_BOUND = Duration.ofSeconds(30);

  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 200;

  private Eventually() {}

  /**
   * Returns as soon as the check ends without an exception, within {@link #DEFAULT_BOUND}.
   *
   * @throws AssertionError if it never does; the last failure is its cause
   */
  public static void eventually(ThrowingRunnable check) {
    eventually(DEFAULT_BOUND, check);
  }

  /**
   * Returns as soon as the check ends without an exception. It runs at least once, on the calling
   * thread.
   *
   * @param bound how long to go on trying
   * @throws AssertionError if it never does; the last failure is its cause
   */
  public static void eventually(Duration bound, ThrowingRunnable check) {
    long end = System.nanoTime() + bound.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      Throwable failure = failureOf(check);
      if (failure == null) {
        return;
      }
      if (System.nanoTime() - end >= 0) {
        throw new AssertionError(
            "not within " + bound.toMillis() + " ms: " + failure.getMessage(), failure);
      }
      sleep(pause, failure);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private static Throwable failureOf(ThrowingRunnable check) {
    try {
      check.run();
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", e);
    } catch (Exception | AssertionError e) {
      return e;
    }
  }

  private static void sleep(long millis, Throwable failure) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting: " + failure.getMessage(), failure);
    }
  }

  /** A check that may throw anything. */
  @FunctionalInterface
  public interface ThrowingRunnable {
    /** Ends normally if what it checks holds. */
    void run() throws Exception;
  }
}
