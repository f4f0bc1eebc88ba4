package io.drivetrain.entitysync.internal.consume;

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
   */
  public void run(Runnable work) throws Exception {
    transaction.begin();
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      rollback(e);
      throw e;
    }
    transaction.commit();
  }

  private void rollback(Throwable cause) {
    try {
      transaction.rollback();
    } catch (SystemException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }
}
