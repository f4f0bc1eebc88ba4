package io.drivetrain.schema;

import jakarta.json.JsonException;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonGeneratorFactory;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Objects without a class of their own, as entities are written and read: the same JSON and the
 * same values as by JSON-B, which looks up how to treat each value and so takes longer.
 * Thread-safe.
 */
final class JsonMaps {

  /** Beyond, a parser would refuse what was written; such a value is left to JSON-B. */
  private static final int DEEPEST = 500;

  /** Loaded at first use, as JSON-B is, which brings JSON-P along. */
  private static final class Provider {
    static final JsonGeneratorFactory GENERATORS;
    static final JsonParserFactory PARSERS;

    static {
      JsonProvider provider = JsonProvider.provider();
      GENERATORS = provider.createGeneratorFactory(Map.of());
      PARSERS = provider.createParserFactory(Map.of());
    }
  }

  private JsonMaps() {}

  /** Whether a value is a map of text, numbers, booleans, null, and lists and maps of these. */
  static boolean canWrite(Object value) {
    return value instanceof Map<?, ?> map && isPlain(map, 0);
  }

  private static boolean isPlain(Object value, int depth) {
    if (value instanceof Map<?, ?> map) {
      if (depth > DEEPEST) {
        return false;
      }
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (!(entry.getKey() instanceof String) || !isPlain(entry.getValue(), depth + 1)) {
          return false;
        }
      }
      return true;
    }
    if (value instanceof List<?> list) {
      if (depth > DEEPEST) {
        return false;
      }
      for (Object element : list) {
        if (!isPlain(element, depth + 1)) {
          return false;
        }
      }
      return true;
    }
    return value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigDecimal
        || value instanceof BigInteger
        || value instanceof Double number && Double.isFinite(number);
  }

  /** Writes what {@link #canWrite} has approved. */
  static String write(Object map) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = Provider.GENERATORS.createGenerator(text)) {
      write(generator, map);
    }
    return text.toString();
  }

  private static void write(JsonGenerator generator, Object value) {
    if (value instanceof String text) {
      generator.write(text);
    } else if (value == null) {
      generator.writeNull();
    } else if (value instanceof Map<?, ?> map) {
      generator.writeStartObject();
      map.forEach(
          (name, element) -> {
            generator.writeKey((String) name);
            write(generator, element);
          });
      generator.writeEnd();
    } else if (value instanceof List<?> list) {
      generator.writeStartArray();
      list.forEach(element -> write(generator, element));
      generator.writeEnd();
    } else if (value instanceof Boolean truth) {
      generator.write(truth);
    } else if (value instanceof BigDecimal number) {
      generator.write(number);
    } else if (value instanceof BigInteger number) {
      generator.write(number);
    } else if (value instanceof Double number) {
      generator.write(number);
    } else {
      generator.write(((Number) value).longValue());
    }
  }

  /**
   * Reads an object; null for the word {@code null}.
   *
   * @throws JsonException if the text is not one JSON object
   */
  static Map<String, Object> read(String text) {
    try (JsonParser parser = Provider.PARSERS.createParser(new StringReader(text))) {
      Event event = parser.next();
      if (event != Event.START_OBJECT && event != Event.VALUE_NULL) {
        throw new JsonException("The text holds no object");
      }
      Map<String, Object> map = event == Event.VALUE_NULL ? null : object(parser);
      if (parser.hasNext()) {
        throw new JsonException("The text goes on behind the object");
      }
      return map;
    } catch (JsonException e) {
      throw e;
    } catch (RuntimeException e) {
      // A number's exponent is beyond what BigDecimal holds, or it is nested too deeply.
      throw new JsonException("The text cannot be read: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> object(JsonParser parser) {
    Map<String, Object> map = new HashMap<>();
    for (Event event = parser.next(); event != Event.END_OBJECT; event = parser.next()) {
      String name = parser.getString();
      map.put(name, value(parser, parser.next()));
    }
    return map;
  }

  private static Object value(JsonParser parser, Event event) {
    return switch (event) {
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER -> parser.getBigDecimal();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      default -> throw new JsonException("unexpected " + event);
    };
  }

  private static List<Object> array(JsonParser parser) {
    List<Object> list = new ArrayList<>();
    for (Event event = parser.next(); event != Event.END_ARRAY; event = parser.next()) {
      list.add(value(parser, event));
    }
    return list;
  }
}
