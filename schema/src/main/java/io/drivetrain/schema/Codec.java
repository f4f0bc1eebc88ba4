package io.drivetrain.schema;

import java.lang.reflect.Type;

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
}
