package io.drivetrain.connector;

/**
 * Thrown by a consumer method, also as a cause, to say that no record is to blame, for example
 * because the database is away. Whatever {@code failure-strategy} says, no record is given up: the
 * partition pauses and the same records come again.
 */
public class SystemicFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong, in words. */
  public SystemicFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
