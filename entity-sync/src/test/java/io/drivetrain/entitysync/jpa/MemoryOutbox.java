package io.drivetrain.entitysync.jpa;

import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.PendingMessages;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The contract of {@link PendingMessages} in memory: what commits is seen. */
final class MemoryOutbox implements PendingMessages {
  private final TransactionSynchronizationRegistry registry = Narayana.registry();

  /** Guarded by itself. */
  final List<EncodedMessage> committed = new ArrayList<>();

  @Override
  public void compute(Object slot, UnaryOperator<Pending> change) {
    if (registry.getTransactionStatus() == Status.STATUS_NO_TRANSACTION) {
      throw new IllegalStateException("no transaction is active");
    }
    Buffer buffer = (Buffer) registry.getResource(this);
    if (buffer == null) {
      buffer = new Buffer();
      registry.putResource(this, buffer);
      registry.registerInterposedSynchronization(buffer);
    }
    buffer.compute(slot, change);
  }

  private final class Buffer implements Synchronization {
    private final Map<Object, Pending> pending = new LinkedHashMap<>();
    private final List<EncodedMessage> written = new ArrayList<>();
    private boolean drained;

    void compute(Object slot, UnaryOperator<Pending> change) {
      Pending result = change.apply(drained ? null : pending.remove(slot));
      if (result == null) {
        return;
      }
      if (drained) {
        written.addAll(result.messages());
      } else {
        pending.put(slot, result);
      }
    }

    @Override
    public void beforeCompletion() {
      drained = true;
      pending.values().forEach(p -> written.addAll(p.messages()));
    }

    @Override
    public void afterCompletion(int status) {
      if (status == Status.STATUS_COMMITTED) {
        synchronized (committed) {
          committed.addAll(written);
        }
      }
    }
  }
}
