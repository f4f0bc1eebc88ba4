package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.OutboxRow;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/**
 * Each batch in one Kafka transaction, under the transactional id of the shard. Owned by the
 * draining thread.
 *
 * <pre>
 *  begin ──► every row answered ──all stored──► commit ──► deleted
 *                               └──any refused─► abort ──► read again; what was refused: alone
 * </pre>
 *
 * <p>A row that is refused takes the whole transaction with it, so its topic's rule is applied only
 * when it is alone in one: rows before it must be stored first, or they would be taken for rows
 * behind it.
 */
final class TransactionalSending implements Sending {
  private final String transactionalId;

  /** Rows that were refused beside others. */
  private final Set<Long> alone = new HashSet<>();

  /** Null before the first, and after one was given up. */
  private Transaction current;

  TransactionalSending(String transactionalId) {
    this.transactionalId = transactionalId;
  }

  /** One: a producer has one transaction at a time. */
  @Override
  public int batches() {
    return 1;
  }

  /** Fences former owners of the shard: what they have not committed is aborted. */
  @Override
  public void open(KafkaLink link) {
    try {
      link.producer().initTransactions();
    } catch (TransactionalIdAuthorizationException e) {
      throw new KafkaException(
          "not authorised for transactional.id "
              + transactionalId
              + "; it needs WRITE and DESCRIBE on it",
          e);
    } catch (TimeoutException e) {
      throw new KafkaException(
          "the coordinator of transactional.id " + transactionalId + " does not answer", e);
    }
  }

  @Override
  public List<OutboxRow> together(List<OutboxRow> rows) {
    for (int i = 0; i < rows.size(); i++) {
      if (alone.contains(rows.get(i).id())) {
        return rows.subList(0, Math.max(i, 1));
      }
    }
    return rows;
  }

  /** A row was refused beside others. */
  void judgeAlone(long id) {
    alone.add(id);
  }

  @Override
  public boolean holdsBack() {
    return true;
  }

  /** Nothing: behind a failure the client itself stores nothing more of the transaction. */
  @Override
  public Runnable onFailure(KafkaLink link) {
    return () -> {};
  }

  @Override
  public Flight begin(KafkaLink link, Batch batch) {
    current = new Transaction(batch);
    link.producer().beginTransaction();
    return current;
  }

  @Override
  public void end(KafkaLink link, BooleanSupplier held) {
    if (current == null || current.hasEnded() || !current.isAnswered()) {
      return;
    }
    if (!current.isStored()) {
      abort(link);
    } else if (held.getAsBoolean()) {
      commit(link.producer());
    }
  }

  @Override
  public void giveUp() {
    current = null;
  }

  private void commit(Producer<byte[], byte[]> producer) {
    try {
      producer.commitTransaction();
      current.committed();
      current.rows().forEach(row -> alone.remove(row.id()));
    } catch (TimeoutException e) {
      // Not known yet: the next call goes on waiting for the same commit.
      return;
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      current.undone(
          "the transaction of "
              + transactionalId
              + " could not be committed: "
              + e.getClass().getSimpleName()
              + ": "
              + e.getMessage());
    }
  }

  private void abort(KafkaLink link) {
    try {
      link.producer().abortTransaction();
    } catch (TimeoutException e) {
      return;
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      // The next producer aborts it, when it takes the transactional id.
      link.abort();
    }
    if (current.rows().size() == 1) {
      current.rows().forEach(row -> alone.remove(row.id()));
    } else {
      current.refused().ifPresent(this::judgeAlone);
    }
    current.undone(null);
  }
}
