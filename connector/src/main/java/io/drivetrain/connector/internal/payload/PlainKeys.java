package io.drivetrain.connector.internal.payload;

import io.drivetrain.connector.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Keys in the plain form in which {@link io.drivetrain.schema.Keys} writes them: text, and the text
 * of numbers and UUIDs.
 */
final class PlainKeys {
  private static final Map<Class<?>, Function<String, Object>> PARSERS =
      Map.of(
          String.class, text -> text,
          CharSequence.class, text -> text,
          Integer.class, Integer::valueOf,
          Long.class, Long::valueOf,
          Short.class, Short::valueOf,
          Double.class, Double::valueOf,
          Float.class, Float::valueOf,
          Boolean.class, Boolean::valueOf,
          UUID.class, UUID::fromString);

  private PlainKeys() {}

  /** Whether there is a decoder of a key type. */
  static boolean has(Class<?> type) {
    return type == byte[].class || type == Object.class || PARSERS.containsKey(type);
  }

  /**
   * The decoder of a key type.
   *
   * @throws IllegalArgumentException if the type has no plain form
   */
  static KeyDecoder of(Class<?> type) {
    if (type == byte[].class || type == Object.class) {
      return record -> record.key();
    }
    Function<String, Object> parser = PARSERS.get(type);
    if (parser == null) {
      throw new IllegalArgumentException(
          "a key of type "
              + type.getName()
              + " has no plain form; set key.deserializer, or take String, a number, UUID or"
              + " byte[]");
    }
    return record -> {
      if (record.key() == null) {
        return null;
      }
      try {
        return parser.apply(new String(record.key(), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw new UndecodableException("the key is no " + type.getName());
      }
    };
  }
}
