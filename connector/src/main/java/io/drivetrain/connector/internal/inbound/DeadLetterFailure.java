package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.UndecodableException;

/**
 * A record was to become a dead letter and could not: one more failed attempt at the record. The
 * cause is why the dead letter was not stored; why the record failed is in the message, and
 * suppressed.
 */
final class DeadLetterFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeadLetterFailure(String topic, Throwable notStored, Throwable failure) {
    super(
        "the record failed ("
            + failure
            + ") and could not be sent to the dead-letter topic "
            + topic
            + ": "
            + notStored,
        notStored);
    // The stack of a decoder could quote the record.
    if (!(failure instanceof UndecodableException)) {
      addSuppressed(failure);
    }
  }
}
