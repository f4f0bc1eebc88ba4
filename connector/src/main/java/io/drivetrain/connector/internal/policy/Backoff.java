package io.drivetrain.connector.internal.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a partition pauses after its n-th failure in a row. Immutable.
 *
 * @param pause the first pause; empty means until somebody resumes the partition
 * @param exponential whether every further pause is twice the one before
 * @param max what a growing pause never exceeds; a fixed one is not cut
 */
public record Backoff(Optional<Duration> pause, boolean exponential, Duration max) {

  /**
   * The pause after a failure.
   *
   * @param failures how often the record has failed, from 1
   */
  public Optional<Duration> after(int failures) {
    if (failures < 1) {
      throw new IllegalArgumentException("failures is " + failures + "; expected 1 or more");
    }
    return exponential ? pause.map(first -> grown(first, failures - 1)) : pause;
  }

  private Duration grown(Duration first, int doublings) {
    if (first.isZero()) {
      return first;
    }
    Duration pause = first;
    // Stops at the first pause that reaches max: 2^n itself overflows for a record that fails for
    // days.
    for (int i = 0; i < doublings && pause.compareTo(max) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(max) < 0 ? pause : max;
  }
}
