package io.drivetrain.avro.internal;

import io.drivetrain.schema.CodecException;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads data by the reader's schema: fields that it does not know are left out, and those that the
 * writer did not know get their defaults. Thread-safe.
 */
final class AvroReaders {
  private final Optional<Schema> local;
  private final Map<Pair, DatumReader<Object>> readers = new ConcurrentHashMap<>();

  /** A writer's schema and a generated class, or {@code Object} for none. */
  private record Pair(Schema writer, Class<?> target) {
    /** Comparing schemas is slow, and each is one object here. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Pair pair && pair.writer == writer && pair.target == target;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(writer) * 31 + target.hashCode();
    }
  }

  /**
   * Readers.
   *
   * @param local the reader's schema of what is no generated class; that of the writer if empty
   */
  AvroReaders(Optional<Schema> local) {
    this.local = local;
  }

  /** The class behind a type. */
  static Class<?> raw(Type type) {
    if (type instanceof Class<?> plain) {
      return plain;
    }
    return type instanceof ParameterizedType parameterized
        ? (Class<?>) parameterized.getRawType()
        : Object.class;
  }

  static boolean isGenerated(Class<?> type) {
    return SpecificRecord.class.isAssignableFrom(type) && !type.isInterface();
  }

  /** The schema of a generated class. */
  static Schema schemaOf(Class<?> generated) {
    return SpecificData.getForClass(generated).getSchema(generated);
  }

  /**
   * Reads.
   *
   * @param target a generated class, or any other for generic data
   * @throws CodecException if it is not data of the writer's schema, or does not fit the reader's
   */
  Object read(String topic, Frame.Written written, byte[] bytes, Class<?> target) {
    Class<?> generated = isGenerated(target) ? target : Object.class;
    DatumReader<Object> reader =
        readers.computeIfAbsent(new Pair(written.schema(), generated), this::reader);
    int length = bytes.length - written.offset();
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, written.offset(), length, null);
    try {
      Object datum = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new IOException("bytes are left over");
      }
      return datum;
    } catch (IOException | RuntimeException e) {
      throw new CodecException(
          "topic "
              + topic
              + ": written as "
              + written.schema().getFullName()
              + ", it cannot be read as "
              + (generated == Object.class
                  ? local.orElse(written.schema()).getFullName()
                  : generated.getName())
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private DatumReader<Object> reader(Pair pair) {
    return pair.target() == Object.class
        ? new GenericDatumReader<>(
            pair.writer(),
            local.orElse(pair.writer()),
            // Not the one all share, which an application may have taught other classes.
            new GenericData())
        : new SpecificDatumReader<>(
            pair.writer(), schemaOf(pair.target()), new GeneratedData(pair.target()));
  }
}
