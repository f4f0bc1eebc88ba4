package io.drivetrain.outbox;

/** Events that could not be written; the transaction that published them rolls back. */
public class OutboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A sentence that says which events and what to do. */
  public OutboxException(String message) {
    super(message);
  }

  /** A sentence, and the database's own failure. */
  public OutboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
