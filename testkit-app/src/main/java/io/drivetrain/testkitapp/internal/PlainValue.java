package io.drivetrain.testkitapp.internal;

import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.settings.Settings;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Values as maps, lists, text and numbers, so that what a test expects and what was sent can be
 * compared whatever their classes are.
 */
public final class PlainValue {
  private PlainValue() {}

  /** What a topic's records look like in the application of the calling thread. */
  public static TopicFormat format(String topic) {
    return TopicFormat.of(Settings.of(ConfigProvider.getConfig()), topic);
  }

  /** What an expected value says. */
  public static Object expected(String topic, Object value) {
    TopicFormat format = format(topic);
    if (value == null || value instanceof byte[]) {
      return decoded(topic, (byte[]) value);
    }
    if (value instanceof String text && format.values().textIsEncoded()) {
      return decoded(topic, text.getBytes(StandardCharsets.UTF_8));
    }
    // A part of what has a schema could not be encoded.
    return value instanceof Map && !format.values().name().equals("json")
        ? plain(value)
        : decoded(topic, format.values().encode(format.topic(), value));
  }

  /** What bytes mean in a topic; what its codec cannot read is text, or else hexadecimal. */
  public static Object decoded(String topic, byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    TopicFormat format = format(topic);
    for (Class<?> type : List.of(Map.class, Object.class)) {
      try {
        return plain(format.values().decode(format.topic(), bytes, type));
      } catch (CodecException e) {
        continue; // It is something else.
      }
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Object plain(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> plain = new LinkedHashMap<>();
      map.forEach((key, item) -> plain.put(String.valueOf(key), plain(item)));
      return plain;
    }
    if (value instanceof List<?> list) {
      List<Object> plain = new ArrayList<>();
      list.forEach(item -> plain.add(plain(item)));
      return plain;
    }
    if (value instanceof Number number) {
      // 1, 1.0 and 1.00 are one number.
      return new BigDecimal(number.toString()).stripTrailingZeros();
    }
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value;
  }

  /**
   * Whether a value has everything that is expected of it: a map may have more keys, at every
   * level; all else must be equal.
   */
  public static boolean includes(Object value, Object expected) {
    if (value instanceof Map<?, ?> map && expected instanceof Map<?, ?> wanted) {
      return wanted.entrySet().stream()
          .allMatch(
              entry ->
                  map.containsKey(entry.getKey())
                      && includes(map.get(entry.getKey()), entry.getValue()));
    }
    return value == null ? expected == null : value.equals(expected);
  }
}
