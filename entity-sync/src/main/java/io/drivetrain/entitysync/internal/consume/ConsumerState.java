package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.EntityKey;
import io.drivetrain.schema.platform.DatabaseSettings;
import io.drivetrain.schema.settings.Settings;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;

/** What a consumer keeps from batch to batch. Thread-safe. */
public final class ConsumerState<E> {
  private final Class<?> consumer;
  private final ConsumedEntity<E> entity;
  private final Hooks<E> hooks;
  private final Tombstones tombstones;
  private final Verdicts verdicts = new Verdicts();

  /** Chosen with the first batch; any thread may set it, all to equal ones. */
  private volatile EntityWriter<E> writer;

  /** Whether what the provider reads was compared; any thread may set it. */
  private volatile boolean compared;

  /**
   * Of one consumer.
   *
   * @throws io.drivetrain.entitysync.internal.mapping.MappingException if its entity cannot be kept
   */
  public ConsumerState(Class<?> consumer, Hooks<E> hooks) {
    this.consumer = consumer;
    this.hooks = hooks;
    this.entity = ConsumedEntity.of(consumer, hooks);
    this.tombstones =
        new Tombstones(
            DatabaseSettings.schema(Settings.of(ConfigProvider.getConfig())), entity.type());
  }

  ConsumedEntity<E> entity() {
    return entity;
  }

  Hooks<E> hooks() {
    return hooks;
  }

  Verdicts verdicts() {
    return verdicts;
  }

  boolean hasChosen() {
    return writer != null;
  }

  /** Decides how batches are written, in a transaction. */
  void choose(EntityManager entities) {
    writer = new WriterChoice<>(consumer, entity, hooks, tombstones).choose(entities);
  }

  /**
   * Compares what the provider reads with what was written past it, the first time.
   *
   * @throws NotPlainException if they differ; the transaction must roll back, and from now on the
   *     provider writes
   */
  void compare(EntityManager entities, PlainTable table, List<Change> written) {
    if (compared || written.isEmpty()) {
      return;
    }
    MergeWriter<E> reader = new MergeWriter<>(entity, hooks, tombstones);
    Optional<String> difference =
        new ReadBack<>(entity, table, reader).difference(entities, written);
    if (difference.isPresent()) {
      writer = new WriterChoice<>(consumer, entity, hooks, tombstones).instead(difference.get());
      throw new NotPlainException(difference.get());
    }
    compared = true;
  }

  EntityWriter<E> writer() {
    return writer;
  }

  /** For a transaction of the caller's: the entities it has loaded must see what is written. */
  EntityWriter<E> merging() {
    return writer instanceof MergeWriter ? writer : new MergeWriter<>(entity, hooks, tombstones);
  }

  /** The entity of a key, null if there is none. */
  public E find(EntityManager entities, EntityKey key) {
    return new MergeWriter<>(entity, hooks, tombstones).find(entities, List.of(key)).get(key);
  }

  /** Gives a new entity its key. */
  public void assignKey(EntityManager entities, E fresh, EntityKey key) {
    entity.key().orElseThrow().assign(fresh, key.values(), new References(entities, hooks));
  }
}
