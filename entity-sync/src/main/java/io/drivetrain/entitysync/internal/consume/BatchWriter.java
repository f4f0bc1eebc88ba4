package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.EntityRecordException;
import io.drivetrain.entitysync.internal.mapping.Assignment;
import io.drivetrain.entitysync.internal.mapping.Coercion;
import io.drivetrain.entitysync.internal.mapping.CoercionException;
import io.drivetrain.entitysync.internal.mapping.MappingException;
import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.settings.Settings;
import jakarta.persistence.CacheRetrieveMode;
import jakarta.persistence.CacheStoreMode;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import jakarta.persistence.criteria.CriteriaQuery;
import jakarta.persistence.criteria.Root;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Writes ranges of one batch through an entity manager, on the delivering thread. A record is
 * decoded once, however often a range is tried.
 */
public final class BatchWriter<E> {
  /** Ids in one query; databases limit a statement's parameters. */
  private static final int FIND_AT_ONCE = 500;

  private final ConsumedEntity<E> entity;
  private final List<ConsumerRecord<byte[], byte[]>> records;
  private final Hooks hooks;
  private final TopicFormat format;
  private final Change[] decoded;

  /**
   * Looks at the database and renews what a shared cache holds: rows that another node wrote since
   * would otherwise seem to have the wanted values already, and not be written.
   */
  private static final Map<String, Object> FROM_DATABASE =
      Map.of(
          "jakarta.persistence.cache.retrieveMode", CacheRetrieveMode.BYPASS,
          "jakarta.persistence.cache.storeMode", CacheStoreMode.REFRESH);

  /** What a record does to the entity of an id; a null payload deletes it. */
  private record Change(int index, Object id, Map<String, Object> payload) {}

  /** Stands for a record that the consumer does not accept. */
  private static final Change NONE = new Change(-1, null, null);

  /** For one batch. */
  public BatchWriter(
      ConsumedEntity<E> entity, List<ConsumerRecord<byte[], byte[]>> records, Hooks hooks) {
    this.entity = entity;
    this.records = records;
    this.hooks = hooks;
    this.format = TopicFormat.of(Settings.of(ConfigProvider.getConfig()), records.get(0).topic());
    this.decoded = new Change[records.size()];
  }

  /**
   * Writes the whole batch in the caller's transaction and flushes.
   *
   * @throws EntityRecordException for a record that cannot be applied, if that can be told
   */
  public void writeAll(EntityManager entities) {
    try {
      write(entities, 0, records.size());
    } catch (RecordFailure failure) {
      throw failure.described();
    }
  }

  /**
   * Writes a range in the running transaction and flushes.
   *
   * @throws RecordFailure naming a record that cannot be applied, if that can be told
   */
  public void write(EntityManager entities, int from, int to) {
    if (!entities.isJoinedToTransaction()) {
      entities.joinTransaction();
    }
    List<Change> changes = changes(from, to);
    // In the caller's own transaction: what it changed must not be read over.
    entities.flush();
    Map<Object, E> present = find(entities, changes);
    Set<Object> removed = new HashSet<>();
    for (Change change : changes) {
      try {
        apply(entities, change, present, removed);
      } catch (RuntimeException e) {
        if (Failures.isTransient(e)) {
          throw e;
        }
        throw failure(change.index(), e);
      }
    }
    entities.flush();
  }

  private void apply(
      EntityManager entities, Change change, Map<Object, E> present, Set<Object> removed) {
    E found = present.get(change.id());
    if (change.payload() == null) {
      if (found != null) {
        entities.remove(found);
        present.remove(change.id());
        removed.add(change.id());
      }
      return;
    }
    E target = found == null ? create(change.id()) : found;
    Assignment.assign(entity.shape(), target, change.payload(), entities::getReference);
    if (found == null) {
      if (removed.remove(change.id())) {
        // A provider would insert the new row before it deletes the old one.
        entities.flush();
      }
      entities.persist(target);
      present.put(change.id(), target);
    }
  }

  private E create(Object id) {
    E created = entity.type().cast(entity.shape().newInstance());
    entity.id().set(created, id);
    return created;
  }

  /** What to apply, in order; of each key only the last if the consumer compacts. */
  private List<Change> changes(int from, int to) {
    Map<Object, Integer> last = new LinkedHashMap<>();
    for (int i = from; i < to; i++) {
      ConsumerRecord<byte[], byte[]> record = records.get(i);
      boolean byKey = hooks.compacts() && record.key() != null;
      Object slot = byKey ? ByteBuffer.wrap(record.key()) : Integer.valueOf(i);
      if (decoded[i] != NONE && (decoded[i] != null || accepted(i))) {
        last.remove(slot);
        last.put(slot, i);
      }
    }
    List<Change> changes = new ArrayList<>(last.size());
    for (int i : last.values()) {
      if (decoded[i] == null) {
        decoded[i] = decode(i);
      }
      changes.add(decoded[i]);
    }
    return changes;
  }

  private boolean accepted(int index) {
    boolean accepted;
    try {
      accepted = hooks.accepts(records.get(index));
    } catch (RuntimeException e) {
      throw failure(index, e);
    }
    if (!accepted) {
      decoded[index] = NONE;
    }
    return accepted;
  }

  private Change decode(int index) {
    ConsumerRecord<byte[], byte[]> record = records.get(index);
    try {
      if (record.key() == null) {
        throw new CodecException("a record without a key names no entity");
      }
      Object id = id(record.key());
      if (record.value() == null) {
        return new Change(index, id, null);
      }
      return new Change(index, id, hooks.attributes(record, payload(record)));
    } catch (RuntimeException e) {
      throw failure(index, e);
    }
  }

  private Object id(byte[] key) {
    try {
      return format.keys().isPresent()
          ? Coercion.to(entity.id().type(), scalar(format.keys().get().decode(key, Object.class)))
          : Coercion.key(entity.id().type(), key);
    } catch (CoercionException e) {
      throw new CodecException("the key as " + entity.id().name() + ": " + e.getMessage(), e);
    }
  }

  /** A key that is a record of one field means that. */
  private static Object scalar(Object key) {
    return key instanceof Map<?, ?> fields && fields.size() == 1
        ? fields.values().iterator().next()
        : key;
  }

  private Map<String, Object> payload(ConsumerRecord<byte[], byte[]> record) {
    Object value = format.values().decode(record.topic(), record.value(), Map.class);
    Map<String, Object> payload = new HashMap<>();
    if (value instanceof Map<?, ?> map) {
      // A JSON array arrives as a map with a null key.
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (!(entry.getKey() instanceof String name)) {
          throw new CodecException("the value is not an object with the entity's attributes");
        }
        payload.put(name, entry.getValue());
      }
      return payload;
    }
    // The word null is a value; taken for a tombstone it would delete.
    throw new CodecException("the value is not an object with the entity's attributes");
  }

  private Map<Object, E> find(EntityManager entities, List<Change> changes) {
    List<Object> ids = changes.stream().map(Change::id).distinct().toList();
    Map<Object, E> found = new HashMap<>();
    if (ids.size() == 1) {
      E only = entities.find(entity.type(), ids.get(0), FROM_DATABASE);
      if (only != null) {
        found.put(ids.get(0), only);
      }
      return found;
    }
    for (int i = 0; i < ids.size(); i += FIND_AT_ONCE) {
      List<Object> some = ids.subList(i, Math.min(ids.size(), i + FIND_AT_ONCE));
      for (E present : query(entities, some)) {
        found.put(entity.shape().idOf(present), present);
      }
    }
    return found;
  }

  private List<E> query(EntityManager entities, Collection<Object> ids) {
    CriteriaQuery<E> query = entities.getCriteriaBuilder().createQuery(entity.type());
    Root<E> root = query.from(entity.type());
    query.select(root).where(root.get(entity.id().name()).in(ids));
    TypedQuery<E> fromDatabase = entities.createQuery(query);
    FROM_DATABASE.forEach(fromDatabase::setHint);
    return fromDatabase.getResultList();
  }

  private RecordFailure failure(int index, RuntimeException cause) {
    return new RecordFailure(index, describe(index, cause));
  }

  /** What to throw for a record that cannot be applied. */
  public EntityRecordException describe(int index, Exception failure) {
    if (failure instanceof RecordFailure known) {
      return known.described();
    }
    // Ours are sentences; a provider's say what happened only at their root.
    boolean ours =
        failure instanceof CoercionException
            || failure instanceof CodecException
            || failure instanceof MappingException;
    String problem = ours ? failure.getMessage() : Failures.rootMessage(failure);
    return new EntityRecordException(records.get(index), entity.shape().name(), problem, failure);
  }
}
