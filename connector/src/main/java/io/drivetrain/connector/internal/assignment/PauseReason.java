package io.drivetrain.connector.internal.assignment;

/** Why a partition is not fetched. It is fetched again when no reason is left. */
enum PauseReason {
  /** Its first record failed and has not succeeded since. */
  FAILURE,
  /** Enough of its records are in memory. */
  BACKPRESSURE
}
