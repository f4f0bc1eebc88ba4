package io.drivetrain.connector.internal.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of a failed delivery. Immutable.
 *
 * @param backoff how long the partition pauses
 */
public record FailurePolicy(Backoff backoff) {

  /** What to do about a failure. */
  public sealed interface Decision {

    /**
     * The partition pauses and the record comes first afterwards.
     *
     * @param duration empty means until somebody resumes the partition
     */
    record Pause(Optional<Duration> duration) implements Decision {}
  }

  /**
   * Decides.
   *
   * @param failures how often the record has failed, from 1
   */
  public Decision.Pause decide(int failures) {
    return new Decision.Pause(backoff.after(failures));
  }
}
