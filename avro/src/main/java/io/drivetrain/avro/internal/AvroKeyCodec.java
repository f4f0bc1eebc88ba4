package io.drivetrain.avro.internal;

import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.KeyCodec;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;

/**
 * The keys of one topic in Avro: records of a schema of their own, or of the one field of the value
 * that the key is. Thread-safe.
 */
final class AvroKeyCodec implements KeyCodec {
  private static final ToAvro CONVERSION = new ToAvro(false);

  private final String topic;
  private final Schema schema;
  private final Optional<String> path;
  private final Frame frame;
  private final AvroReaders readers;
  private final Set<Class<?>> known = ConcurrentHashMap.newKeySet();
  private volatile boolean writes;

  /**
   * Keys.
   *
   * @param path of the field of the value, if it is one
   */
  AvroKeyCodec(String topic, Schema schema, Optional<String> path, Frame frame) {
    this.topic = topic;
    this.schema = schema;
    this.path = path;
    this.frame = frame;
    this.readers = new AvroReaders(Optional.of(schema));
    frame.know(schema);
  }

  @Override
  public void expectWrites() {
    writes = true;
  }

  /** As {@link AvroCodec#prepare}. */
  void prepare() {
    if (writes) {
      frame.header(schema);
    } else if (frame instanceof RegistryFrame byRegistry) {
      byRegistry.registry().find(byRegistry.subject(), schema);
    }
  }

  @Override
  public byte[] encode(Object key, Object value) {
    Object found = key == null ? taken(value) : key;
    if (found == null) {
      return null;
    }
    Object datum = AvroCodec.converted(topic, "the key", CONVERSION, schema, record(found));
    return AvroCodec.written(
        new GenericDatumWriter<>(schema, new GenericData()), frame.header(schema), datum);
  }

  /** A value for the one field there is stands for the record. */
  private Object record(Object key) {
    boolean isRecord = key instanceof Map<?, ?> || key instanceof IndexedRecord;
    return schema.getType() == Schema.Type.RECORD && !isRecord && schema.getFields().size() == 1
        ? Map.of(schema.getFields().get(0).name(), key)
        : key;
  }

  private Object taken(Object value) {
    if (path.isEmpty()) {
      return null;
    }
    Object found = value;
    for (String name : path.get().split("\\.")) {
      if (found instanceof Map<?, ?> map) {
        found = map.get(name);
      } else if (found instanceof IndexedRecord record) {
        Field field = record.getSchema().getField(name);
        found = field == null ? null : record.get(field.pos());
      } else {
        return null;
      }
    }
    return found;
  }

  @Override
  public Object decode(byte[] key, Type type) {
    Class<?> target = AvroReaders.raw(type);
    if (AvroReaders.isGenerated(target) && known.add(target)) {
      frame.know(AvroReaders.schemaOf(target));
    }
    Object datum = readers.read(topic, frame.read(key), key, target);
    if (target != Object.class && target.isInstance(datum)) {
      return datum;
    }
    Object plain =
        datum instanceof IndexedRecord record
            ? FromAvro.record(record)
            : FromAvro.plain(schema, datum);
    boolean single = plain instanceof Map<?, ?> fields && fields.size() == 1;
    if (target.isInstance(plain) && !(target == Object.class && single && path.isPresent())) {
      return plain;
    }
    Object scalar = single ? ((Map<?, ?>) plain).values().iterator().next() : plain;
    try {
      return Scalars.to(target, scalar);
    } catch (RuntimeException e) {
      throw new CodecException(
          "topic "
              + topic
              + ": a key of "
              + schema.getFullName()
              + " cannot become a "
              + type.getTypeName());
    }
  }
}
