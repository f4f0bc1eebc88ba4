package io.drivetrain.testkitapp.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What has become of a record on a channel. Thread-safe: all fields are guarded by this. */
public final class Fate {

  /** How a record ended. */
  public enum End {
    PROCESSED,
    DEAD_LETTERED,
    IGNORED,
    SKIPPED;

    /** As a sentence has it. */
    public String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final List<Throwable> failures = new ArrayList<>();
  private int told;
  private End end;

  synchronized void failed(Throwable failure) {
    failures.add(failure);
    notifyAll();
  }

  synchronized void ended(End how) {
    end = how;
    notifyAll();
  }

  /** How it ended, if it has. */
  public synchronized Optional<End> end() {
    return Optional.ofNullable(end);
  }

  /** How often it failed. */
  public synchronized int failures() {
    return failures.size();
  }

  /** The last failure. */
  public synchronized Optional<Throwable> lastFailure() {
    return failures.isEmpty() ? Optional.empty() : Optional.of(failures.get(failures.size() - 1));
  }

  /** Waits for a failure that has not been given yet. */
  public synchronized Optional<Throwable> nextFailure(Duration bound) {
    return waitUntil(() -> failures.size() > told, bound)
        ? Optional.of(failures.get(told++))
        : Optional.empty();
  }

  /** Waits until it has ended so; false if it does not in time, or ends otherwise. */
  public synchronized boolean await(End how, Duration bound) {
    waitUntil(() -> end != null, bound);
    return end == how;
  }

  private synchronized boolean waitUntil(BooleanSupplier condition, Duration bound) {
    long deadline = System.nanoTime() + bound.toNanos();
    try {
      while (!condition.getAsBoolean()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        wait(left / 1_000_000 + 1);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
