package io.drivetrain.outbox.internal.write;

import io.drivetrain.outbox.CommittedEvents;
import io.drivetrain.outbox.EncodedMessage;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.ArrayList;
import java.util.List;

/** Keeps events with their transaction and hands them on when it has committed. Thread-safe. */
public final class CapturingWriter implements Writer {
  private final TransactionSynchronizationRegistry registry;
  private final CommittedEvents events;

  /** Where a transaction keeps what was written in it. */
  private final Object key = new Object();

  /** Hands committed events to {@code events}. */
  public CapturingWriter(TransactionSynchronizationRegistry registry, CommittedEvents events) {
    this.registry = registry;
    this.events = events;
  }

  @Override
  public long write(List<EncodedMessage> messages) {
    Written written = (Written) registry.getResource(key);
    if (written == null) {
      written = new Written();
      // Before it is kept: what cannot hear of the commit must not be taken for written.
      registry.registerInterposedSynchronization(written);
      registry.putResource(key, written);
    }
    written.add(messages);
    return 0;
  }

  private final class Written implements Synchronization {
    /** Guarded by this. */
    private final List<EncodedMessage> messages = new ArrayList<>();

    synchronized void add(List<EncodedMessage> more) {
      messages.addAll(more);
    }

    @Override
    public void beforeCompletion() {
      // What was written is complete when the transaction is.
    }

    @Override
    public void afterCompletion(int status) {
      if (status == Status.STATUS_COMMITTED) {
        List<EncodedMessage> all;
        synchronized (this) {
          all = List.copyOf(messages);
        }
        events.accept(all);
      }
    }
  }
}
