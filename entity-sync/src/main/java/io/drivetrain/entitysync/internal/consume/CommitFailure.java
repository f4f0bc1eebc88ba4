package io.drivetrain.entitysync.internal.consume;

/** A transaction whose work succeeded and whose commit did not; the outcome may be unknown. */
final class CommitFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommitFailure(Exception cause) {
    super("the commit failed: " + Failures.rootMessage(cause), cause);
  }
}
