package io.drivetrain.connector.internal.inbound;

/**
 * Why a run ended early, and with which of the records after those completed. Immutable.
 *
 * @param cause what went wrong
 * @param size how many records were delivered together; the same come again together
 * @param blamed how many of them, from the first on, the failure is about
 */
record Broken(Throwable cause, int size, int blamed) {

  /** A failure of a record that came alone, or that fails alone. */
  static Broken one(Throwable cause) {
    return new Broken(cause, 1, 1);
  }

  /** A failure of records together, and nobody knows of which. */
  static Broken all(Throwable cause, int size) {
    return new Broken(cause, size, size);
  }
}
