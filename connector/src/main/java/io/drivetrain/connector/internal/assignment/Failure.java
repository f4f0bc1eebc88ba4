package io.drivetrain.connector.internal.assignment;

import java.time.Instant;
import java.util.Optional;

/**
 * The failure a partition stands at. Immutable.
 *
 * @param offset the record that failed
 * @param failures how often it has failed in a row
 * @param size how many records were delivered together; the same come again together
 * @param cause the last failure
 * @param since when the pause began
 * @param resumeAt when it ends on the wall clock; empty means when somebody resumes the partition
 * @param dueNanos when it ends on the clock of nanoseconds; means nothing without {@code resumeAt}
 */
public record Failure(
    long offset,
    int failures,
    int size,
    Throwable cause,
    Instant since,
    Optional<Instant> resumeAt,
    long dueNanos) {

  /** Zero when due, {@link Long#MAX_VALUE} when no clock ends the pause. */
  long waitNanos(long now) {
    return resumeAt.isEmpty() ? Long.MAX_VALUE : Math.max(0, dueNanos - now);
  }

  /** The same failure with its pause ended. */
  Failure resumed(long now) {
    return new Failure(offset, failures, size, cause, since, Optional.of(since), now);
  }
}
