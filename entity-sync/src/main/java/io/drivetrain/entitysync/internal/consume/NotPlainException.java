package io.drivetrain.entitysync.internal.consume;

/** An entity that seemed to be mapped plainly is not. */
final class NotPlainException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotPlainException(String message) {
    super(message);
  }
}
