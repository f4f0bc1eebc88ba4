package io.drivetrain.outbox.internal.write;

import io.drivetrain.outbox.PendingMessages.Pending;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

/** The buffer of each running transaction. Thread-safe. */
public final class Transactions {
  private final TransactionSynchronizationRegistry registry;
  private final Writer writer;
  private final LongConsumer committed;

  /** Where a transaction keeps its buffer; one outbox does not see another's. */
  private final Object key = new Object();

  /**
   * @param committed called after each commit that wrote events, with their buckets, on a thread
   *     that must not wait
   */
  public Transactions(
      TransactionSynchronizationRegistry registry, Writer writer, LongConsumer committed) {
    this.registry = registry;
    this.writer = writer;
    this.committed = committed;
  }

  /**
   * Refuses if nothing may be published now.
   *
   * @return false if the transaction can only roll back: events are lost as is everything else
   * @throws IllegalStateException if no transaction is active
   */
  public boolean active() {
    int status = registry.getTransactionStatus();
    return switch (status) {
      case Status.STATUS_ACTIVE, Status.STATUS_PREPARING -> true;
      case Status.STATUS_MARKED_ROLLBACK, Status.STATUS_ROLLING_BACK, Status.STATUS_ROLLEDBACK ->
          false;
      default ->
          throw new IllegalStateException(
              "Nothing can be published: "
                  + (status == Status.STATUS_NO_TRANSACTION
                      ? "no transaction is active on this thread; annotate the method with"
                          + " @Transactional or begin a UserTransaction"
                      : "the transaction of this thread is completing (status " + status + ")"));
    };
  }

  /**
   * Refuses what must be a transaction of its own.
   *
   * @throws IllegalStateException if a transaction is active
   */
  public void requireNone() {
    if (registry.getTransactionStatus() != Status.STATUS_NO_TRANSACTION) {
      throw new IllegalStateException(
          "OutboxAdmin works in transactions of its own and one is active on this thread; annotate"
              + " the calling method with @Transactional(TxType.NOT_SUPPORTED)");
    }
  }

  /** Changes what the running transaction has pending in a slot. */
  public void change(Object slot, UnaryOperator<Pending> change) {
    if (!active()) {
      return;
    }
    try {
      buffer().change(slot, change);
    } catch (RuntimeException e) {
      // A caller may catch this and go on; its transaction must not commit without the event.
      setRollbackOnly();
      throw e;
    }
  }

  /** Makes the running transaction roll back, if there is one that can. */
  public void setRollbackOnly() {
    try {
      registry.setRollbackOnly();
    } catch (IllegalStateException e) {
      return; // it has ended already, and not by a commit of this event
    }
  }

  private TransactionBuffer buffer() {
    TransactionBuffer buffer = (TransactionBuffer) registry.getResource(key);
    if (buffer == null) {
      buffer = new TransactionBuffer(registry, writer, committed);
      registry.putResource(key, buffer);
      buffer.register();
    }
    return buffer;
  }
}
