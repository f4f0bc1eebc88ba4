package io.drivetrain.migrations;

/** The schema cannot be used or brought to this build's version; the message says what to do. */
public class MigrationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A sentence for an operator. */
  public MigrationException(String message) {
    super(message);
  }

  /** A sentence for an operator, and what lies behind it. */
  public MigrationException(String message, Throwable cause) {
    super(message, cause);
  }
}
