package io.drivetrain.testkitapp;

import io.drivetrain.testkitapp.internal.Fate;
import java.time.Duration;
import java.util.Optional;

/**
 * What a channel makes of one record. Waits are bounded, 30 s unless said. A record that failed
 * comes again when its pause is over: {@link TestChannel#retry} or {@link TestApp#advance} end it.
 * Thread-safe.
 */
public final class Processing {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final SentRecord record;
  private final Fate fate;

  Processing(SentRecord record, Fate fate) {
    this.record = record;
    this.fate = fate;
  }

  /** The record. */
  public SentRecord record() {
    return record;
  }

  /** Waits until the consumer method is done with it and everything it sent is confirmed. */
  public Processing awaitProcessed() {
    return awaitProcessed(BOUND);
  }

  /** As {@link #awaitProcessed()}, for so long at most. */
  public Processing awaitProcessed(Duration bound) {
    await(Fate.End.PROCESSED, bound);
    return this;
  }

  /** Waits for its next failure: each is given once. */
  public Throwable awaitFailed() {
    return fate.nextFailure(BOUND)
        .orElseThrow(() -> new AssertionError("not failed within " + BOUND + ": " + this));
  }

  /** Waits until it is in the dead-letter topic. */
  public Processing awaitDeadLettered() {
    await(Fate.End.DEAD_LETTERED, BOUND);
    return this;
  }

  /** Waits until {@code failure-strategy=ignore} has given it up. */
  public Processing awaitIgnored() {
    await(Fate.End.IGNORED, BOUND);
    return this;
  }

  /** Waits until an operator has skipped it. */
  public Processing awaitSkipped() {
    await(Fate.End.SKIPPED, BOUND);
    return this;
  }

  private void await(Fate.End end, Duration bound) {
    if (!fate.await(end, bound)) {
      AssertionError error =
          new AssertionError("not " + end.words() + " within " + bound + ": " + this);
      fate.lastFailure().ifPresent(error::initCause);
      throw error;
    }
  }

  /** Whether it is processed, as it stands. */
  public boolean isProcessed() {
    return fate.end().equals(Optional.of(Fate.End.PROCESSED));
  }

  /** How often it failed, as it stands. */
  public int failures() {
    return fate.failures();
  }

  @Override
  public String toString() {
    return record
        + " is "
        + fate.end().map(Fate.End::words).orElse("not done")
        + fate.lastFailure()
            .map(
                failure ->
                    ", failed "
                        + fate.failures()
                        + " times, last with "
                        + failure
                        + (fate.end().isEmpty()
                            ? "; it comes again after its pause, which retry() or advance() end"
                            : ""))
            .orElse(", did not fail");
  }
}
