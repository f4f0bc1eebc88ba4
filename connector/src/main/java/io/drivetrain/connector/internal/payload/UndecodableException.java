package io.drivetrain.connector.internal.payload;

/** A record that cannot become what the consumer method takes; the message says why, without it. */
public final class UndecodableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UndecodableException(String message) {
    super(message);
  }

  UndecodableException(String message, Throwable cause) {
    super(message, cause);
  }
}
