package io.drivetrain.outbox.internal.store;

/** A row that was not written by this outbox, or was damaged since. */
public class UnreadableRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with it. */
  public UnreadableRowException(String message) {
    super(message);
  }
}
