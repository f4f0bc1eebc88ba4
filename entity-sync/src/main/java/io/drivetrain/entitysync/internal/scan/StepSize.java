package io.drivetrain.entitysync.internal.scan;

/**
 * How many entities a step takes: halved when one cannot be done, down to one, doubled when steps
 * succeed. Owned by one thread.
 */
final class StepSize {
  private final int largest;
  private int size;

  StepSize(int largest) {
    this.largest = largest;
    this.size = largest;
  }

  int now() {
    return size;
  }

  /** A step of one holds no lock that anybody could want while it waits for another. */
  boolean mayWait() {
    return size == 1;
  }

  void succeeded() {
    size = Math.min(largest, size * 2);
  }

  /** Returns whether a smaller step may do better. */
  boolean failed() {
    boolean smaller = size > 1;
    size = Math.max(1, size / 2);
    return smaller;
  }
}
