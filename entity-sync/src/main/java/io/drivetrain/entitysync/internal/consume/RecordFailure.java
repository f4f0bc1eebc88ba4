package io.drivetrain.entitysync.internal.consume;

/** A record known to be the one that cannot be applied. */
final class RecordFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int index;

  RecordFailure(int index, RuntimeException cause) {
    super(cause.getMessage(), cause);
    this.index = index;
  }

  /** Position in the batch, from 0. */
  int index() {
    return index;
  }
}
