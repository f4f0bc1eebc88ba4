package io.drivetrain.schema;

import java.lang.reflect.Type;

/**
 * Turns the record keys of one topic into bytes with a schema and back. Implementations are
 * immutable and thread-safe.
 */
public interface KeyCodec {

  /**
   * Encodes.
   *
   * @param key the key, or null to take it from the value where the topic's keys are a field of it
   * @param value the value, null for a tombstone
   * @return null if there is no key
   * @throws CodecException if it does not fit the schema
   * @throws RegistryUnavailableException if the registry is needed and away
   */
  byte[] encode(Object key, Object value);

  /**
   * Decodes.
   *
   * @param key never null
   * @param type what the caller wants; {@code Object} for whatever the key is by itself
   * @throws CodecException if the bytes are not such a key, or it does not fit the type
   * @throws RegistryUnavailableException if the registry is needed and away
   */
  Object decode(byte[] key, Type type);

  /** Says that this application writes such keys, so that it may prepare for that. */
  default void expectWrites() {}
}
