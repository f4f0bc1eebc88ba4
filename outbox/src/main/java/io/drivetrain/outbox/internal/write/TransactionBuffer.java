package io.drivetrain.outbox.internal.write;

import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.PendingMessages.Pending;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

/**
 * The events of one transaction, in the order of their last change. Used by the thread that runs
 * the transaction; but a transaction that times out is completed by a thread of the server while
 * the first may still publish, so what is shared is guarded.
 */
final class TransactionBuffer implements Synchronization {
  private static final Logger LOG = System.getLogger(TransactionBuffer.class.getName());

  private final TransactionSynchronizationRegistry registry;
  private final Writer writer;
  private final LongConsumer committed;

  /** Guarded by this. */
  private final Map<Object, Pending> slots = new LinkedHashMap<>();

  /** Guarded by this: events are no longer collected but written at once. */
  private boolean drained;

  /** Guarded by this. */
  private boolean postponed;

  /** Whether events wait. Written under the lock, read without it by the completing thread. */
  private volatile boolean waiting;

  /**
   * The buckets that events were written to, a bit for each. Guarded by this; a thread of the
   * server may write the first of them while the publishing thread still writes late ones.
   */
  private long written;

  /**
   * @param committed called with their buckets once the transaction has committed events, on the
   *     completing thread
   */
  TransactionBuffer(
      TransactionSynchronizationRegistry registry, Writer writer, LongConsumer committed) {
    this.registry = registry;
    this.writer = writer;
    this.committed = committed;
  }

  /** Takes part in the transaction's completion; if it may not, every event is written at once. */
  void register() {
    try {
      registry.registerInterposedSynchronization(this);
    } catch (RuntimeException e) {
      LOG.log(
          Level.DEBUG, () -> "Too late to wait for the commit, events are written at once: " + e);
      synchronized (this) {
        drained = true;
      }
    }
  }

  /** Changes what is pending in a slot, or writes the result at once if it is too late for that. */
  void change(Object slot, UnaryOperator<Pending> change) {
    Pending late;
    synchronized (this) {
      if (!drained) {
        Pending result = change.apply(slots.get(slot));
        slots.remove(slot);
        if (result != null) {
          slots.put(slot, result);
        }
        waiting = !slots.isEmpty();
        return;
      }
      late = change.apply(null);
    }
    if (late != null) {
      write(late.messages());
    }
  }

  @Override
  public void beforeCompletion() {
    if (!postpone()) {
      drain();
    }
  }

  /**
   * Moves behind whatever has been registered since, also with nothing to write: on WildFly a
   * persistence context first used after us flushes after us.
   */
  private boolean postpone() {
    synchronized (this) {
      if (postponed || drained) {
        return false;
      }
      postponed = true;
    }
    try {
      registry.registerInterposedSynchronization(new Last());
      return true;
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, () -> "Events are written now, moving to the end was refused: " + e);
      return false;
    }
  }

  private void drain() {
    List<EncodedMessage> messages = new ArrayList<>();
    synchronized (this) {
      drained = true;
      slots.values().forEach(pending -> messages.addAll(pending.messages()));
      slots.clear();
      waiting = false;
    }
    // Outside of the lock: a server thread that ends a timed-out transaction must never wait for a
    // database. What is thrown here rolls the transaction back.
    write(messages);
  }

  private void write(List<EncodedMessage> messages) {
    if (!messages.isEmpty()) {
      long buckets = writer.write(messages);
      synchronized (this) {
        written |= buckets;
      }
    }
  }

  @Override
  public void afterCompletion(int status) {
    if (status != Status.STATUS_COMMITTED) {
      return;
    }
    if (waiting) {
      // No server is known to get here; if one does, this line is the only trace of the loss.
      LOG.log(
          Level.ERROR,
          "A transaction committed without its outbox events: the server accepted the"
              + " synchronization and never called it before the commit");
    }
    long buckets;
    synchronized (this) {
      buckets = written;
    }
    if (buckets != 0) {
      committed.accept(buckets);
    }
  }

  /** The second synchronization, at the end of the list. */
  private final class Last implements Synchronization {
    @Override
    public void beforeCompletion() {
      drain();
    }

    @Override
    public void afterCompletion(int status) {
      // The first one hears it as well.
    }
  }
}
