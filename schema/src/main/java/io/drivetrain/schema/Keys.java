package io.drivetrain.schema;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Plain record keys: text in UTF-8, bytes as they are, numbers and UUIDs as their text, keys of
 * several parts (a map) as a JSON object with its names sorted and no white space. The same entity
 * thus gets the same key bytes, and so the same partition, whichever way it is published.
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
    if (key instanceof Map<?, ?> parts) {
      return Codecs.json().encode(topic, sorted(parts));
    }
    throw new CodecException(
        "topic "
            + topic
            + ": a key of type "
            + key.getClass().getName()
            + " has no plain form; expected text, a number, a UUID, an enum, byte[] or a map of such");
  }

  private static Map<String, Object> sorted(Map<?, ?> parts) {
    Map<String, Object> sorted = new TreeMap<>();
    parts.forEach(
        (name, part) ->
            sorted.put(name.toString(), part instanceof Map<?, ?> deeper ? sorted(deeper) : part));
    return sorted;
  }
}
