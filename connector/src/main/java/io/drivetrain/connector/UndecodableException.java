package io.drivetrain.connector;

/**
 * How a record fails that cannot become what the consumer method takes: its bytes do not decode, or
 * it is a tombstone and the method cannot take one. The message says why, without the record.
 */
public final class UndecodableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A record that does not fit. */
  public UndecodableException(String message) {
    super(message);
  }

  /** A record that a decoder refused. */
  public UndecodableException(String message, Throwable cause) {
    super(message, cause);
  }
}
