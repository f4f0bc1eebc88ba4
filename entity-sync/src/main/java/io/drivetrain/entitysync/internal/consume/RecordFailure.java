package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.EntityRecordException;

/** A record known to be the one that cannot be applied. */
final class RecordFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int index;

  RecordFailure(int index, EntityRecordException described) {
    super(described.getMessage(), described);
    this.index = index;
  }

  /** Position in the batch, from 0. */
  int index() {
    return index;
  }

  /** What is wrong with it. */
  EntityRecordException described() {
    return (EntityRecordException) getCause();
  }
}
