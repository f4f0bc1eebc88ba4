package io.drivetrain.schema;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Plain record keys: text in UTF-8, bytes as they are, numbers and UUIDs as their text. The same
 * entity thus gets the same key bytes, and so the same partition, whichever way it is published.
 */
public final class Keys {
  private Keys() {}

  /**
   * Encodes a plain key.
   *
   * @return the bytes, or null for a null key
   * @throws CodecException if the key's type has no plain text form
   */
  public static byte[] encode(String topic, Object key) {
    if (key == null) {
      return null;
    }
    if (key instanceof byte[] bytes) {
      return bytes;
    }
    if (key instanceof CharSequence
        || key instanceof Number
        || key instanceof UUID
        || key instanceof Character
        || key instanceof Boolean
        || key instanceof Enum<?>) {
      return key.toString().getBytes(StandardCharsets.UTF_8);
    }
    throw new CodecException(
        "topic "
            + topic
            + ": a key of type "
            + key.getClass().getName()
            + " has no plain form; expected text, a number, a UUID, an enum or byte[]");
  }
}
