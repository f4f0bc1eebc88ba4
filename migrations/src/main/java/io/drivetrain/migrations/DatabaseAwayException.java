package io.drivetrain.migrations;

/** The database does not answer or refuses connections; the same call may succeed later. */
public class DatabaseAwayException extends MigrationException {
  private static final long serialVersionUID = 1L;

  /** A sentence for an operator, and the driver's own failure. */
  public DatabaseAwayException(String message, Throwable cause) {
    super(message, cause);
  }
}
