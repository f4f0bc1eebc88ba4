package io.drivetrain.schema;

import java.lang.reflect.Type;
import java.util.Optional;
import java.util.Set;

/**
 * Turns values of one format into bytes and back. Implementations are immutable and thread-safe.
 *
 * <p>A null value is a tombstone and never reaches a codec: callers keep it null.
 */
public interface Codec {

  /** The name under which configuration selects this codec, for example {@code json}. */
  String name();

  /**
   * Encodes a value.
   *
   * @param topic the topic the value is for; formats with schemas choose by it
   * @param value the value, never null
   * @throws CodecException if this format cannot hold the value; the message names topic and type
   */
  byte[] encode(String topic, Object value);

  /**
   * Decodes a value.
   *
   * @param topic the topic the bytes came from
   * @param bytes the encoded value, never null
   * @param type the type the caller wants, for example a method parameter's generic type
   * @throws CodecException if the bytes are not this format or do not fit the type
   */
  Object decode(String topic, byte[] bytes, Type type);

  /**
   * Whether values have named parts: then a {@code Map} of them can be encoded, and {@code
   * Map.class} be asked for. Its values are text, numbers, booleans, {@code byte[]}, null, and
   * lists and maps of these; dates and times are ISO-8601 text.
   */
  default boolean isStructured() {
    return false;
  }

  /** The names of a value's parts, where a schema says which there are. */
  default Optional<Set<String>> fields() {
    return Optional.empty();
  }

  /** The value with what is filled in by itself; the one given stays as it is. */
  default Object completed(Object value) {
    return value;
  }

  /** Whether channels take a {@code String} for an encoded value, and give one undecoded. */
  default boolean textIsEncoded() {
    return true;
  }

  /** Says that this application writes such values, so that it may prepare for that. */
  default void expectWrites() {}
}
