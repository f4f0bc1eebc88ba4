package io.drivetrain.outbox.internal.write;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One transaction as WildFly completes it: interposed synchronizations in one list, run in the
 * order of registration, which may grow meanwhile; and its oddities, switched on by a test.
 */
final class FakeRegistry implements TransactionSynchronizationRegistry {
  private final List<Synchronization> synchronizations = new ArrayList<>();
  private final List<Synchronization> ignored = new ArrayList<>();
  private final Map<Object, Object> resources = new HashMap<>();
  int status = Status.STATUS_ACTIVE;

  /** From the n-th registration on (0 is the first) every one is refused; -1 for none. */
  int refuseFrom = -1;

  /** From the n-th registration on they are accepted and never run before the commit. */
  int ignoreFrom = -1;

  private int registrations;

  /** Commits as a server does; what a synchronization throws rolls back. */
  void commit() {
    try {
      for (int i = 0; i < synchronizations.size(); i++) {
        if (status == Status.STATUS_MARKED_ROLLBACK) {
          break;
        }
        synchronizations.get(i).beforeCompletion();
      }
    } catch (RuntimeException e) {
      complete(Status.STATUS_ROLLEDBACK);
      throw e;
    }
    complete(
        status == Status.STATUS_MARKED_ROLLBACK
            ? Status.STATUS_ROLLEDBACK
            : Status.STATUS_COMMITTED);
  }

  void rollback() {
    complete(Status.STATUS_ROLLEDBACK);
  }

  private void complete(int end) {
    status = end;
    List.copyOf(synchronizations).forEach(each -> each.afterCompletion(end));
    ignored.forEach(each -> each.afterCompletion(end));
  }

  /** A synchronization that was registered although others are refused. */
  void synchronizationsBypass(Runnable beforeCompletion) {
    synchronizations.add(
        new Synchronization() {
          @Override
          public void beforeCompletion() {
            beforeCompletion.run();
          }

          @Override
          public void afterCompletion(int end) {
            // nothing to hear
          }
        });
  }

  @Override
  public void registerInterposedSynchronization(Synchronization synchronization) {
    int number = registrations++;
    if (refuseFrom >= 0 && number >= refuseFrom) {
      throw new IllegalStateException("Syncs are not allowed to be registered");
    }
    if (ignoreFrom >= 0 && number >= ignoreFrom) {
      ignored.add(synchronization);
      return;
    }
    if (status != Status.STATUS_MARKED_ROLLBACK) {
      synchronizations.add(synchronization);
    }
  }

  @Override
  public Object getTransactionKey() {
    return this;
  }

  @Override
  public void putResource(Object key, Object value) {
    resources.put(key, value);
  }

  @Override
  public Object getResource(Object key) {
    return resources.get(key);
  }

  @Override
  public int getTransactionStatus() {
    return status;
  }

  @Override
  public void setRollbackOnly() {
    status = Status.STATUS_MARKED_ROLLBACK;
  }

  @Override
  public boolean getRollbackOnly() {
    return status == Status.STATUS_MARKED_ROLLBACK;
  }
}
