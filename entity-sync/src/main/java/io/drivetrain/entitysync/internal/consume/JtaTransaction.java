package io.drivetrain.entitysync.internal.consume;

import jakarta.transaction.NotSupportedException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;

/** Runs work in a JTA transaction of its own, on the calling thread. */
public final class JtaTransaction {
  private final UserTransaction transaction;

  /** With the container's transactions. */
  public JtaTransaction(UserTransaction transaction) {
    this.transaction = transaction;
  }

  /** Whether the calling thread is in a transaction already. */
  public boolean isActive() {
    try {
      return transaction.getStatus() != Status.STATUS_NO_TRANSACTION;
    } catch (IllegalStateException e) {
      // The specification forbids asking inside @Transactional, which is an answer too.
      return true;
    } catch (SystemException e) {
      throw new IllegalStateException("the transaction manager does not answer", e);
    }
  }

  /**
   * Commits what {@code work} does, or rolls it back and throws. A heuristic outcome is a failure
   * as well: some drivers report a constraint that fails at the commit as one.
   *
   * @throws CommitFailure if only the commit failed
   */
  public void run(Runnable work) {
    try {
      transaction.begin();
    } catch (NotSupportedException | SystemException e) {
      throw new IllegalStateException("no transaction can begin: " + e, e);
    }
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      rollback(e);
      throw e;
    }
    try {
      transaction.commit();
    } catch (Exception e) {
      throw new CommitFailure(e);
    }
  }

  /** Does the work and rolls it back. */
  void runAndUndo(Runnable work) {
    try {
      run(
          () -> {
            work.run();
            throw new Undo();
          });
    } catch (Undo e) {
      // As wanted.
    }
  }

  private static final class Undo extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Undo() {
      super(null, null, false, false);
    }
  }

  private void rollback(Throwable cause) {
    try {
      transaction.rollback();
    } catch (SystemException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }
}
