package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.EntityKey;
import io.drivetrain.entitysync.EntityRecordException;
import io.drivetrain.entitysync.internal.mapping.CoercionException;
import io.drivetrain.entitysync.internal.mapping.KeyShape;
import io.drivetrain.entitysync.internal.mapping.MappingException;
import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.TopicFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the records of one batch do, in portions that may be written at once. Used by the delivering
 * thread; a record is decoded once, however often it is asked for.
 */
final class Changes {
  /** Stands for a record that is not for this table. */
  private static final Change NONE = new Change(-1, null, null, OptionalLong.empty());

  private final ConsumedEntity<?> entity;
  private final List<ConsumerRecord<byte[], byte[]>> records;
  private final Hooks<?> hooks;
  private final TopicFormat format;
  private final Change[] decoded;

  Changes(
      ConsumedEntity<?> entity,
      List<ConsumerRecord<byte[], byte[]>> records,
      Hooks<?> hooks,
      TopicFormat format) {
    this.entity = entity;
    this.records = records;
    this.hooks = hooks;
    this.format = format;
    this.decoded = new Change[records.size()];
  }

  /**
   * The changes of a range of records. No key occurs twice in a portion, and those of one key are
   * in order; within a portion they are sorted by key, so that consumers which write the same rows
   * lock them in the same order.
   *
   * @throws RecordFailure naming a record that cannot be read
   */
  List<List<Change>> portions(int from, int to) {
    List<List<Change>> slices = slices(hooks.compacts() ? compacted(from, to) : all(from, to));
    List<List<Change>> portions = new ArrayList<>();
    int most = Math.max(1, hooks.maxDbBatchSize());
    for (List<Change> slice : slices) {
      slice.sort(KeyOrder.INSTANCE);
      for (int i = 0; i < slice.size(); i += most) {
        portions.add(slice.subList(i, Math.min(slice.size(), i + most)));
      }
    }
    return portions;
  }

  private List<Change> all(int from, int to) {
    List<Change> changes = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      Change change = change(i);
      if (change != NONE) {
        changes.add(change);
      }
    }
    return changes;
  }

  /** Of each key the last; with a guard the newest, for the last may be an old one. */
  private List<Change> compacted(int from, int to) {
    Map<Object, Integer> last = new LinkedHashMap<>();
    for (int i = from; i < to; i++) {
      if (decoded[i] == NONE || decoded[i] == null && !accepted(i)) {
        continue;
      }
      byte[] key = records.get(i).key();
      Object slot = key == null ? Integer.valueOf(i) : ByteBuffer.wrap(key);
      Integer before = last.get(slot);
      if (before == null || entity.version().isEmpty() || !isOlder(i, before)) {
        last.remove(slot);
        last.put(slot, i);
      }
    }
    List<Change> changes = new ArrayList<>(last.size());
    for (int i : last.values()) {
      Change change = change(i);
      if (change != NONE) {
        changes.add(change);
      }
    }
    return changes;
  }

  private boolean isOlder(int index, int before) {
    Change change = change(index);
    Change other = change(before);
    return change == NONE
        || other != NONE
            && change.version().isPresent()
            && other.version().isPresent()
            && change.version().getAsLong() < other.version().getAsLong();
  }

  /** The first of each key, then the second of each, and so on. */
  private static List<List<Change>> slices(List<Change> changes) {
    List<List<Change>> slices = new ArrayList<>();
    Map<EntityKey, Integer> seen = new HashMap<>();
    for (Change change : changes) {
      int times = seen.merge(change.key(), 1, Integer::sum);
      if (slices.size() < times) {
        slices.add(new ArrayList<>());
      }
      slices.get(times - 1).add(change);
    }
    return slices;
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

  private Change change(int index) {
    if (decoded[index] == null && accepted(index)) {
      decoded[index] = decode(index);
    }
    return decoded[index];
  }

  private Change decode(int index) {
    ConsumerRecord<byte[], byte[]> record = records.get(index);
    try {
      if (record.key() == null) {
        throw new CodecException("a record without a key names no entity");
      }
      EntityKey key = key(record);
      Map<String, Object> payload = null;
      if (record.value() != null) {
        payload = hooks.attributes(record, payload(record));
        if (payload == null) {
          return NONE;
        }
      }
      return guarded(new Change(index, key, payload, version(record, payload)));
    } catch (RuntimeException e) {
      throw failure(index, e);
    }
  }

  private OptionalLong version(ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload) {
    try {
      return hooks.guard().of(record, payload);
    } catch (IllegalArgumentException e) {
      throw new CodecException(e.getMessage(), e);
    }
  }

  /** With a guard the entity keeps the version, whether the payload carries it or not. */
  private Change guarded(Change change) {
    if (entity.version().isEmpty() || change.removes()) {
      return change;
    }
    Map<String, Object> payload = new HashMap<>(change.payload());
    payload.put(entity.version().get().name(), change.version().getAsLong());
    return new Change(change.index(), change.key(), payload, change.version());
  }

  private EntityKey key(ConsumerRecord<byte[], byte[]> record) {
    if (entity.key().isEmpty()) {
      return new EntityKey(new String(record.key(), StandardCharsets.UTF_8), Map.of());
    }
    KeyShape shape = entity.key().get();
    try {
      Object decodedKey =
          format.keys().isPresent()
              ? format.keys().get().decode(record.key(), Object.class)
              : shape.decode(record.topic(), record.key());
      return new EntityKey(decodedKey, shape.byName(shape.values(decodedKey)));
    } catch (CoercionException e) {
      throw new CodecException("the key as " + e.getMessage(), e);
    }
  }

  private Map<String, Object> payload(ConsumerRecord<byte[], byte[]> record) {
    Object value = format.values().decode(record.topic(), record.value(), Map.class);
    Map<String, Object> payload = new HashMap<>();
    if (value instanceof Map<?, ?> map) {
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

  private static RecordFailure failure(int index, RuntimeException cause) {
    return new RecordFailure(index, cause);
  }

  /** What to throw for a record that cannot be applied. */
  EntityRecordException describe(int index, Exception failure) {
    if (failure instanceof RecordFailure known) {
      return describe(known.index(), (RuntimeException) known.getCause());
    }
    // Ours are sentences; a provider's say what happened only at their root.
    boolean ours =
        failure instanceof CoercionException
            || failure instanceof CodecException
            || failure instanceof MappingException;
    String problem = ours ? failure.getMessage() : Failures.rootMessage(failure);
    return new EntityRecordException(records.get(index), entity.name(), problem, failure);
  }
}
