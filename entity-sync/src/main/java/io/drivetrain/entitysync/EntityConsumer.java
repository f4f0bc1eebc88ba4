package io.drivetrain.entitysync;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.SystemicFailure;
import io.drivetrain.entitysync.internal.consume.BatchApplication;
import io.drivetrain.entitysync.internal.consume.ConsumerState;
import io.drivetrain.entitysync.internal.consume.ContainerPersistence;
import io.drivetrain.entitysync.internal.consume.InboxOffsets;
import io.drivetrain.entitysync.internal.consume.InboxPosition;
import io.drivetrain.entitysync.internal.consume.JtaTransaction;
import io.drivetrain.entitysync.internal.consume.Position;
import io.drivetrain.entitysync.internal.mapping.MappingException;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

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
 * <p>A record's key is the entity's id, or what {@link #keyAttributes} names. The entity is found
 * by it or made, gets the attributes that the payload carries and keeps the others, and is stored;
 * a record without a value removes it. Of several records of one key in a batch the last wins.
 *
 * <p>Each batch is one JTA transaction. A plainly mapped entity is written by statements that take
 * the whole batch, see {@link WriteMode}; others go through the persistence provider. If a record
 * cannot be applied, those before it are, and {@link BatchFailure} names it, so that the channel's
 * failure strategy deals with it alone. If none can, or a connection or lock fails, no record is to
 * blame and the whole batch comes again ({@link io.drivetrain.connector.SystemicFailure}). A method
 * with {@code @Transactional} takes part in that transaction instead, and then any failure means
 * the whole batch again.
 *
 * <p>Override the protected methods to change what happens. They are called on the delivering
 * thread; several partitions may be delivered at the same time.
 *
 * @param <E> the entity
 */
public abstract class EntityConsumer<E> {
  @Inject private Instance<ContainerPersistence> container;

  @Inject private Instance<InboxOffsets> offsets;

  /** Made at the first batch, because subclasses are not complete before; any thread may set it. */
  private volatile ConsumerState<E> state;

  /** For subclasses. */
  protected EntityConsumer() {}

  /**
   * Applies a batch.
   *
   * @throws BatchFailure naming the record that cannot be applied; those before it are
   * @throws io.drivetrain.connector.SystemicFailure if no record is to blame
   */
  public void consume(EntityBatch batch) {
    beforeBatch(batch);
    JtaTransaction transaction = new JtaTransaction(userTransaction());
    BatchApplication<E> application =
        new BatchApplication<>(
            state(), batch.records(), transaction, this::entityManager, position(batch));
    if (transaction.isActive()) {
      application.join();
    } else {
      try {
        application.apply();
      } catch (BatchFailure failure) {
        if (failure.index() > 0) {
          afterBatch(batch.first(failure.index()));
        }
        throw failure;
      }
    }
    afterBatch(batch);
  }

  /** Nothing is injected where no container made this. */
  private Position position(EntityBatch batch) {
    return offsets == null
        ? Position.NOT_KEPT
        : InboxPosition.of(
            offsets.get(), batch.channel(), new TopicPartition(batch.topic(), batch.partition()));
  }

  private ConsumerState<E> state() {
    ConsumerState<E> known = state;
    if (known == null) {
      try {
        known = new ConsumerState<>(getClass(), new ConsumerHooks<>(this));
      } catch (MappingException e) {
        throw new SystemicFailure(e.getMessage(), e);
      }
      state = known;
    }
    return known;
  }

  // Records.

  /** Whether a record, tombstones included, is meant for this table; default all are. */
  protected boolean accepts(ConsumerRecord<byte[], byte[]> record) {
    return true;
  }

  /**
   * The attributes to assign: names the entity has not are ignored, a null value is assigned, and
   * what is not there keeps its value. Default: the payload as it is.
   *
   * @param payload the decoded value; may be changed and returned
   * @return null to skip the record
   */
  protected Map<String, Object> attributes(
      ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload) {
    return payload;
  }

  /**
   * The attributes that record keys name an entity by; default none, which means its id. A key of
   * one attribute is plain text, one of several a JSON object by attribute names; an embedded id
   * counts as its components.
   */
  protected List<String> keyAttributes() {
    return List.of();
  }

  /** What keeps older records from overwriting newer ones; default nothing. */
  protected VersionGuard guard() {
    return VersionGuard.none();
  }

  /**
   * The attribute by which payloads name the entity of a to-one association, by association;
   * default none, which means the other entity's id. That entity has to be there.
   */
  protected Map<String, String> references() {
    return Map.of();
  }

  /**
   * What becomes of owned collections that a payload carries as a list, by attribute; default they
   * are ignored. Elements are values or embeddables of an {@code @ElementCollection}, or objects
   * with the attributes of the other entity of a {@code @OneToMany}.
   */
  protected Map<String, CollectionMode> collections() {
    return Map.of();
  }

  // Entities. Overriding one of these makes the persistence provider write.

  /**
   * The entity of a key, in the running transaction; default by {@link #keyAttributes}, many at
   * once.
   *
   * @param payload what will be assigned, null for a tombstone
   * @return null if there is none
   */
  protected E find(EntityManager entities, EntityKey key, Map<String, Object> payload) {
    return state().find(entities, key);
  }

  /**
   * Gives a new entity its key, before the other attributes; default by {@link #keyAttributes}.
   *
   * @param payload what will be assigned
   */
  protected void assignKey(E entity, EntityKey key, Map<String, Object> payload) {
    state().assignKey(entityManager(), entity, key);
  }

  /** Removes the entity that a tombstone names; default deletes it. */
  protected void remove(EntityManager entities, E entity) {
    entities.remove(entity);
  }

  // Batches.

  /** Called with each batch before anything of it is decoded, and before its transaction. */
  protected void beforeBatch(EntityBatch batch) {}

  /**
   * Called with what was applied, after its commit; with the method's own {@code @Transactional},
   * before it. An exception means the whole batch again.
   */
  protected void afterBatch(EntityBatch applied) {}

  /**
   * Whether only the last record of a key in a batch is applied; default true. Set it to false
   * where records carry only what has changed.
   */
  protected boolean compacts() {
    return true;
  }

  /** The most records of one statement, or of one flush of the provider; default 5000. */
  protected int maxDbBatchSize() {
    return 5000;
  }

  /** How batches are written; default {@link WriteMode#AUTO}. */
  protected WriteMode writeMode() {
    return WriteMode.AUTO;
  }

  /**
   * Whether a {@link Published} entity is published when this consumer changes it; default false,
   * so that two applications that exchange an entity do not echo each other.
   */
  protected boolean republishes() {
    return false;
  }

  // Surroundings.

  /**
   * The entity manager, asked for in every transaction. Default: the application's {@code
   * EntityManager} bean if there is one, else that of its only persistence unit.
   */
  protected EntityManager entityManager() {
    return container.get().entityManager();
  }

  /**
   * The JTA data source of that entity manager's unit, for set-based writing. Default, if empty:
   * what the unit says, else the outbox's.
   */
  protected Optional<DataSource> dataSource() {
    return Optional.empty();
  }

  /** What begins and ends transactions; default the container's. */
  protected UserTransaction userTransaction() {
    return container.get().userTransaction();
  }
}
