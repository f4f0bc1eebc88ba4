package io.drivetrain.avro.internal;

import io.drivetrain.schema.Codec;
import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.Codecs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/** The values of one topic in Avro. Immutable but for what is cached; thread-safe. */
public final class AvroCodec implements Codec {
  private final String topic;
  private final Optional<Schema> local;
  private final Frame frame;
  private final ToAvro conversion;
  private final AutoFields autoFields;
  private final AvroReaders readers;
  private final Set<Class<?>> known = ConcurrentHashMap.newKeySet();
  private volatile boolean writes;

  AvroCodec(
      String topic, Optional<Schema> local, Frame frame, ToAvro conversion, AutoFields autoFields) {
    this.topic = topic;
    this.local = local;
    this.frame = frame;
    this.conversion = conversion;
    this.autoFields = autoFields;
    this.readers = new AvroReaders(local);
    local.ifPresent(frame::know);
  }

  @Override
  public String name() {
    return "avro";
  }

  @Override
  public boolean isStructured() {
    return true;
  }

  @Override
  public boolean textIsEncoded() {
    return false;
  }

  @Override
  public void expectWrites() {
    writes = true;
  }

  @Override
  public Optional<Set<String>> fields() {
    return local
        .filter(schema -> schema.getType() == Schema.Type.RECORD)
        .map(
            schema -> {
              Set<String> names = new LinkedHashSet<>();
              schema.getFields().forEach(field -> names.add(field.name()));
              return names;
            });
  }

  /** Makes what writing needs known, as far as that can be done without a value. */
  void prepare() {
    if (!(frame instanceof RegistryFrame byRegistry)) {
      return;
    }
    if (local.isEmpty()) {
      byRegistry.registry().latest(byRegistry.subject());
    } else if (writes) {
      frame.header(local.get());
    } else {
      // Whoever only reads must not register what may be an old version.
      byRegistry.registry().find(byRegistry.subject(), local.get());
    }
  }

  @Override
  public Object completed(Object value) {
    if (value instanceof Record record) {
      return completed(JavaRecords.parts(record));
    }
    if (value instanceof IndexedRecord record) {
      Map<String, Object> missing =
          autoFields.missing(
              record.getSchema(), name -> record.get(record.getSchema().getField(name).pos()));
      return missing.isEmpty() ? record : completed(record, missing);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> missing = autoFields.missing(schemaOf(value), map::get);
      if (!missing.isEmpty()) {
        Map<Object, Object> copy = new LinkedHashMap<>(map);
        copy.putAll(missing);
        return copy;
      }
    }
    return value;
  }

  /** A copy: the caller may use his record again. */
  private static IndexedRecord completed(IndexedRecord record, Map<String, Object> missing) {
    Schema schema = record.getSchema();
    SpecificData model = SpecificData.getForClass(record.getClass());
    IndexedRecord copy =
        record instanceof SpecificRecord
            ? (IndexedRecord) SpecificData.newInstance(record.getClass(), schema)
            : new GenericData.Record(schema);
    for (Field field : schema.getFields()) {
      copy.put(field.pos(), record.get(field.pos()));
    }
    missing.forEach(
        (name, filled) -> {
          Field field = schema.getField(name);
          // A generated class holds a moment as an Instant or as a number, as it was generated.
          boolean raw =
              copy instanceof SpecificRecord
                  && model.getConversionByClass(filled.getClass()) == null;
          copy.put(
              field.pos(),
              raw ? new ToAvro(false).convert(field.schema(), filled, new Problems()) : filled);
        });
    return copy;
  }

  /**
   * The schema that a value is written with: its own, else the topic's.
   *
   * @throws CodecException if there is none
   */
  private Schema schemaOf(Object value) {
    if (value instanceof GenericContainer container) {
      Schema own = container.getSchema();
      if (local.isPresent() && !local.get().getFullName().equals(own.getFullName())) {
        throw new CodecException(
            "topic "
                + topic
                + ": its schema is "
                + local.get().getFullName()
                + ", and the value is a "
                + own.getFullName());
      }
      return own;
    }
    if (local.isPresent()) {
      return local.get();
    }
    if (frame instanceof RegistryFrame byRegistry) {
      return byRegistry.registry().latest(byRegistry.subject());
    }
    throw new CodecException(
        "topic "
            + topic
            + ": a "
            + value.getClass().getName()
            + " brings no schema, and drivetrain.topics.<topic>.schema is not set");
  }

  @Override
  public byte[] encode(String ignored, Object value) {
    Object completed = completed(value);
    Schema schema = schemaOf(completed);
    if (completed instanceof SpecificRecord record) {
      return generated(schema, record);
    }
    return generic(schema, completed);
  }

  private byte[] generic(Schema schema, Object value) {
    Object datum = converted(topic, "the value", conversion, schema, value);
    return written(
        new GenericDatumWriter<>(schema, new GenericData()), frame.header(schema), datum);
  }

  private byte[] generated(Schema schema, SpecificRecord record) {
    byte[] header = frame.header(schema);
    SpecificData data = SpecificData.getForClass(record.getClass());
    try {
      return written(new SpecificDatumWriter<>(schema, data), header, record);
    } catch (RuntimeException e) {
      // Avro stops at the first problem; this names all.
      converted(topic, "the value", conversion, schema, record);
      throw new CodecException(
          "topic " + topic + ": a " + schema.getFullName() + " cannot be written: " + e, e);
    }
  }

  /**
   * Data of a schema.
   *
   * @param what the subject of the sentence
   * @throws CodecException with every problem
   */
  static Object converted(
      String topic, String what, ToAvro conversion, Schema schema, Object value) {
    Problems problems = new Problems();
    Object datum = conversion.convert(schema, value, problems);
    if (!problems.isEmpty()) {
      throw new CodecException(
          "topic "
              + topic
              + ": "
              + what
              + " does not fit "
              + schema.getFullName()
              + ": "
              + String.join("; ", problems.list()));
    }
    return datum;
  }

  static byte[] written(DatumWriter<Object> writer, byte[] header, Object datum) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.writeBytes(header);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      writer.write(datum, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  @Override
  public Object decode(String ignored, byte[] bytes, Type type) {
    Class<?> target = AvroReaders.raw(type);
    if (AvroReaders.isGenerated(target) && known.add(target)) {
      frame.know(AvroReaders.schemaOf(target));
    }
    Frame.Written written = frame.read(bytes);
    Object datum = readers.read(topic, written, bytes, target);
    Object value =
        target.isRecord() && datum instanceof IndexedRecord record
            ? javaRecord(record, type)
            : as(target, datum, local.orElse(written.schema()));
    if (value == null) {
      throw new CodecException(
          "topic "
              + topic
              + ": a "
              + written.schema().getFullName()
              + " cannot become a "
              + type.getTypeName()
              + "; expected a generated class, a Java record, GenericRecord or Map");
    }
    return value;
  }

  /** By the way that JSON takes, so that a record means the same in both formats. */
  private Object javaRecord(IndexedRecord record, Type type) {
    Codec json = Codecs.json();
    try {
      return json.decode(topic, json.encode(topic, FromAvro.record(record)), type);
    } catch (CodecException e) {
      throw new CodecException(
          "topic "
              + topic
              + ": a "
              + record.getSchema().getFullName()
              + " does not fit the Java record "
              + type.getTypeName(),
          e);
    }
  }

  private static Object as(Class<?> target, Object datum, Schema schema) {
    if (target == Map.class) {
      return datum instanceof IndexedRecord record
          ? FromAvro.record(record)
          : asPlain(target, datum, schema);
    }
    return target.isInstance(datum) ? datum : asPlain(target, datum, schema);
  }

  private static Object asPlain(Class<?> target, Object datum, Schema schema) {
    Object plain = datum instanceof IndexedRecord ? null : FromAvro.plain(schema, datum);
    return plain != null && Scalars.boxed(target).isInstance(plain) ? plain : null;
  }
}
