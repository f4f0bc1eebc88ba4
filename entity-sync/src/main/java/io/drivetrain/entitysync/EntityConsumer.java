package io.drivetrain.entitysync;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.entitysync.internal.consume.BatchWriter;
import io.drivetrain.entitysync.internal.consume.ConsumedEntity;
import io.drivetrain.entitysync.internal.consume.ContainerPersistence;
import io.drivetrain.entitysync.internal.consume.Hooks;
import io.drivetrain.entitysync.internal.consume.Isolation;
import io.drivetrain.entitysync.internal.consume.JtaTransaction;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Keeps a JPA entity's table equal to a compacted topic. Extend it as a CDI bean and name the
 * channel:
 *
 * <pre>{@code
 * @ApplicationScoped
 * public class CustomerSync extends EntityConsumer<Customer> {
 *   @Override
 *   @Incoming("customers")
 *   public void consume(EntityBatch batch) {
 *     super.consume(batch);
 *   }
 * }
 * }</pre>
 *
 * <p>A record's key is the entity's id. The entity is found by it or made, gets the attributes that
 * the payload carries and keeps the others, and is stored; a record without a value deletes it. Of
 * several records of one key in a batch the last wins.
 *
 * <p>Each batch is one JTA transaction. If a record cannot be applied, the transaction is rolled
 * back, the records before it are applied in transactions of their own, and {@link BatchFailure}
 * names it, so that only it pauses its partition. A failure of the connection or of a lock means
 * the whole batch again. A method with {@code @Transactional} takes part in that transaction
 * instead, and then any failure means the whole batch again.
 *
 * <p>Override the protected methods to change what happens. They are called on the delivering
 * thread; several partitions may be delivered at the same time.
 *
 * @param <E> the entity; a single basic id that is not generated
 */
public abstract class EntityConsumer<E> {
  @Inject private Instance<ContainerPersistence> container;

  /** Read from the entity class at the first batch; any thread may set it, all to equal values. */
  private volatile ConsumedEntity<E> entity;

  /** For subclasses. */
  protected EntityConsumer() {}

  /**
   * Applies a batch.
   *
   * @throws BatchFailure naming the record that cannot be applied; those before it are
   */
  public void consume(EntityBatch batch) {
    BatchWriter<E> writer = new BatchWriter<>(entity(), batch.records(), hooks());
    JtaTransaction transaction = new JtaTransaction(userTransaction());
    Isolation.Range range =
        (from, to) ->
            transaction.run(() -> silently(() -> writer.write(entityManager(), from, to)));
    if (transaction.isActive()) {
      silently(() -> writer.writeAll(entityManager()));
    } else {
      apply(batch, writer, range);
    }
    afterBatch(batch);
  }

  private void apply(EntityBatch batch, BatchWriter<E> writer, Isolation.Range range) {
    try {
      Isolation.apply(batch.size(), range, writer::describe);
    } catch (BatchFailure failure) {
      if (failure.index() > 0) {
        afterBatch(batch.first(failure.index()));
      }
      throw failure;
    }
  }

  private void silently(Runnable write) {
    if (republishes()) {
      write.run();
    } else {
      EntityEvents.off(write);
    }
  }

  private ConsumedEntity<E> entity() {
    if (entity == null) {
      entity = ConsumedEntity.of(getClass());
    }
    return entity;
  }

  private Hooks hooks() {
    return new Hooks() {
      @Override
      public boolean accepts(ConsumerRecord<byte[], byte[]> record) {
        return EntityConsumer.this.accepts(record);
      }

      @Override
      public Map<String, Object> attributes(
          ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload) {
        return EntityConsumer.this.attributes(record, payload);
      }

      @Override
      public boolean compacts() {
        return EntityConsumer.this.compacts();
      }
    };
  }

  /** Whether a record, tombstones included, is meant for this table; default all are. */
  protected boolean accepts(ConsumerRecord<byte[], byte[]> record) {
    return true;
  }

  /**
   * The attributes to assign: names the entity has not are ignored, a null value is assigned, and
   * what is not there keeps its value. Default: the payload as it is.
   *
   * @param payload the decoded value; may be changed and returned
   */
  protected Map<String, Object> attributes(
      ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload) {
    return payload;
  }

  /** Whether only the last record of a key in a batch is applied; default true. */
  protected boolean compacts() {
    return true;
  }

  /**
   * Whether a {@link Published} entity is published when this consumer changes it; default false,
   * so that two applications that exchange an entity do not echo each other.
   */
  protected boolean republishes() {
    return false;
  }

  /**
   * Called with what was applied, after its commit; with the method's own {@code @Transactional},
   * before it. An exception means the whole batch again.
   */
  protected void afterBatch(EntityBatch applied) {}

  /**
   * The entity manager, asked for in every transaction. Default: the application's {@code
   * EntityManager} bean if there is one, else that of its only persistence unit.
   */
  protected EntityManager entityManager() {
    return container.get().entityManager();
  }

  /** What begins and ends transactions; default the container's. */
  protected UserTransaction userTransaction() {
    return container.get().userTransaction();
  }
}
