package io.drivetrain.avro.internal;

import io.drivetrain.schema.settings.Nearest;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/**
 * Turns values of an application into data of a schema: exactly or not at all. Nothing is rounded,
 * silently false or zero, or guessed to be an epoch; what does not fit is a problem with its path,
 * and all of them are found. Immutable, thread-safe.
 */
final class ToAvro {

  private static final Conversions.DecimalConversion DECIMALS = new Conversions.DecimalConversion();

  private final boolean ignoresUnknown;

  /**
   * A conversion.
   *
   * @param ignoresUnknown whether names that a schema has not are left out instead of refused
   */
  ToAvro(boolean ignoresUnknown) {
    this.ignoresUnknown = ignoresUnknown;
  }

  /** The data; meaningless if there are problems afterwards. */
  Object convert(Schema schema, Object value, Problems problems) {
    return convert(schema, value, "", problems);
  }

  private Object convert(Schema schema, Object value, String path, Problems problems) {
    if (schema.getType() == Schema.Type.UNION) {
      return union(schema, value, path, problems);
    }
    if (value == null) {
      if (schema.getType() != Schema.Type.NULL) {
        problems.add(path, null, expected(schema));
      }
      return null;
    }
    return switch (schema.getType()) {
      case RECORD -> record(schema, value, path, problems);
      case ARRAY -> array(schema, value, path, problems);
      case MAP -> map(schema, value, path, problems);
      case NULL -> {
        problems.add(path, value, "null");
        yield null;
      }
      default -> {
        try {
          yield scalar(schema, value);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
          problems.add(path, value, expected(schema));
          yield null;
        }
      }
    };
  }

  private static Object scalar(Schema schema, Object value) {
    String time = Times.logical(schema);
    return switch (schema.getType()) {
      case BOOLEAN -> flag(value);
      case INT ->
          time == null
              ? (Object) Numbers.exact(value).intValueExact()
              : (Object) Math.toIntExact(Times.count(time, value));
      case LONG ->
          time == null
              ? (Object) Numbers.exact(value).longValueExact()
              : (Object) Times.count(time, value);
      case FLOAT -> Numbers.asFloat(value);
      case DOUBLE -> Numbers.asDouble(value);
      case STRING -> isUuid(schema) ? uuid(value).toString() : text(value);
      case ENUM -> symbol(schema, value);
      case BYTES -> bytes(schema, value);
      default -> fixed(schema, value);
    };
  }

  private static Object flag(Object value) {
    if (value instanceof Boolean) {
      return value;
    }
    if (value instanceof CharSequence && value.toString().equalsIgnoreCase("true")) {
      return true;
    }
    if (value instanceof CharSequence && value.toString().equalsIgnoreCase("false")) {
      return false;
    }
    throw new IllegalArgumentException();
  }

  private static Object text(Object value) {
    if (value instanceof java.math.BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof Locale locale) {
      return locale.toLanguageTag();
    }
    if (Times.isNatural("timestamp-millis", value)
        && (value instanceof java.util.Date || value instanceof java.util.Calendar)) {
      return Times.text("timestamp-millis", Times.count("timestamp-millis", value));
    }
    if (value instanceof CharSequence
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof UUID
        || value instanceof Temporal
        || value instanceof TemporalAmount
        || value instanceof java.time.ZoneId
        || value instanceof java.sql.Date
        || value instanceof java.sql.Time
        || value instanceof Currency
        || value instanceof GenericEnumSymbol<?>) {
      return value.toString();
    }
    throw new IllegalArgumentException();
  }

  private static UUID uuid(Object value) {
    if (value instanceof UUID uuid) {
      return uuid;
    }
    // The library's parser also takes shortened groups, which no writer means.
    if (value instanceof CharSequence text && text.length() == 36) {
      return UUID.fromString(text.toString());
    }
    throw new IllegalArgumentException();
  }

  private static Object symbol(Schema schema, Object value) {
    String name =
        value instanceof Enum<?> constant
            ? constant.name()
            : value instanceof CharSequence || value instanceof GenericEnumSymbol<?>
                ? value.toString()
                : null;
    if (name == null || !schema.hasEnumSymbol(name)) {
      throw new IllegalArgumentException();
    }
    return new GenericData.EnumSymbol(schema, name);
  }

  private static Object bytes(Schema schema, Object value) {
    if (value instanceof ByteBuffer buffer) {
      return buffer;
    }
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return DECIMALS.toBytes(
          Numbers.scaled(value, decimal.getPrecision(), decimal.getScale()), schema, decimal);
    }
    return ByteBuffer.wrap(raw(value));
  }

  private static Object fixed(Schema schema, Object value) {
    if (value instanceof GenericFixed fixed) {
      return new GenericData.Fixed(schema, sized(schema, fixed.bytes()));
    }
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return DECIMALS.toFixed(
          Numbers.scaled(value, decimal.getPrecision(), decimal.getScale()), schema, decimal);
    }
    if (isUuid(schema) && !(value instanceof byte[])) {
      UUID uuid = uuid(value);
      return new GenericData.Fixed(
          schema,
          ByteBuffer.allocate(16)
              .putLong(uuid.getMostSignificantBits())
              .putLong(uuid.getLeastSignificantBits())
              .array());
    }
    return new GenericData.Fixed(schema, sized(schema, raw(value)));
  }

  private static byte[] sized(Schema schema, byte[] bytes) {
    if (bytes.length != schema.getFixedSize()) {
      throw new IllegalArgumentException();
    }
    return bytes;
  }

  private static byte[] raw(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    if (value instanceof CharSequence text) {
      return Base64.getDecoder().decode(text.toString());
    }
    throw new IllegalArgumentException();
  }

  private static boolean isUuid(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    return logical != null && logical.getName().equals("uuid");
  }

  private Object array(Schema schema, Object value, String path, Problems problems) {
    Collection<?> items;
    if (value instanceof Collection<?> collection) {
      items = collection;
    } else if (value instanceof Object[] array) {
      items = Arrays.asList(array);
    } else {
      problems.add(path, value, "a list");
      return null;
    }
    List<Object> converted = new ArrayList<>(items.size());
    int i = 0;
    for (Object item : items) {
      converted.add(convert(schema.getElementType(), item, path + "[" + i++ + "]", problems));
    }
    return converted;
  }

  private Object map(Schema schema, Object value, String path, Problems problems) {
    if (!(value instanceof Map<?, ?> map)) {
      problems.add(path, value, "a map");
      return null;
    }
    Map<String, Object> converted = new LinkedHashMap<>();
    map.forEach(
        (key, item) -> {
          if (key instanceof CharSequence || key instanceof Enum<?> || key instanceof UUID) {
            String name = key.toString();
            converted.put(
                name, convert(schema.getValueType(), item, path + "[" + name + "]", problems));
          } else {
            problems.add(path, key, "text as the key of a map's entry");
          }
        });
    return converted;
  }

  private Object record(Schema schema, Object value, String path, Problems problems) {
    Map<String, Object> parts = parts(value);
    if (parts == null) {
      problems.add(path, value, expected(schema));
      return null;
    }
    GenericData.Record record = new GenericData.Record(schema);
    for (Field field : schema.getFields()) {
      String inner = path.isEmpty() ? field.name() : path + "." + field.name();
      if (parts.containsKey(field.name())) {
        record.put(field.pos(), convert(field.schema(), parts.get(field.name()), inner, problems));
      } else if (field.hasDefaultValue()) {
        record.put(field.pos(), GenericData.get().getDefaultValue(field));
      } else if (!field.schema().isNullable()) {
        problems.add(inner + " is missing; expected " + expected(field.schema()));
      }
    }
    if (!ignoresUnknown) {
      List<String> names = schema.getFields().stream().map(Field::name).toList();
      for (String name : parts.keySet()) {
        if (schema.getField(name) == null) {
          problems.add(
              (path.isEmpty() ? name : path + "." + name)
                  + " is no field of "
                  + schema.getFullName()
                  + Nearest.to(name, names)
                      .map(near -> "; did you mean " + near + "?")
                      .orElse("; it has " + String.join(", ", names)));
        }
      }
    }
    return record;
  }

  /** By name; null if the value has no named parts. */
  private static Map<String, Object> parts(Object value) {
    Map<String, Object> parts = new LinkedHashMap<>();
    if (value instanceof IndexedRecord record) {
      for (Field field : record.getSchema().getFields()) {
        parts.put(field.name(), record.get(field.pos()));
      }
      return parts;
    }
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, part) -> parts.put(String.valueOf(name), part));
      return parts;
    }
    if (value instanceof Record record) {
      return JavaRecords.parts(record);
    }
    return null;
  }

  /** The branch of the value's own kind; else the first, in the schema's order, that it fits. */
  private Object union(Schema schema, Object value, String path, Problems problems) {
    if (value == null && schema.isNullable()) {
      return null;
    }
    List<Schema> branches =
        schema.getTypes().stream().filter(each -> each.getType() != Schema.Type.NULL).toList();
    List<Schema> natural = branches.stream().filter(branch -> Natural.is(branch, value)).toList();
    // With unknown names left out, any record would fit: which one is meant, its names tell.
    List<ToAvro> ways = ignoresUnknown ? List.of(new ToAvro(false), this) : List.of(this);
    for (ToAvro way : ways) {
      for (List<Schema> some : List.of(natural, branches)) {
        for (Schema branch : some) {
          Problems own = new Problems();
          Object converted = way.convert(branch, value, path, own);
          if (own.isEmpty()) {
            return converted;
          }
        }
      }
    }
    if (branches.size() == 1 || natural.size() == 1) {
      // The one it was meant for says more than that none fits.
      return convert(natural.size() == 1 ? natural.get(0) : branches.get(0), value, path, problems);
    }
    problems.add(path, value, expected(schema));
    return null;
  }

  /** What a schema takes, in words. */
  static String expected(Schema schema) {
    String time = Times.logical(schema);
    if (time != null) {
      return Times.expected(time);
    }
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return "a number of at most "
          + decimal.getPrecision()
          + " digits, "
          + decimal.getScale()
          + " of them after the point";
    }
    if (isUuid(schema)) {
      return "a UUID";
    }
    return switch (schema.getType()) {
      case RECORD -> "a map or record of " + schema.getFullName();
      case ENUM -> "one of " + String.join(", ", schema.getEnumSymbols());
      case ARRAY -> "a list";
      case MAP -> "a map";
      case STRING -> "text";
      case BYTES -> "byte[] or Base64 text";
      case FIXED -> schema.getFixedSize() + " bytes";
      case INT -> "a whole number from -2^31 to 2^31-1";
      case LONG ->
          "a whole number from -2^63 to 2^63-1 (for a moment, the schema needs a logicalType)";
      case FLOAT -> "a number within a float's range";
      case DOUBLE -> "a number within a double's range";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
      case UNION ->
          "one of: "
              + String.join(" | ", schema.getTypes().stream().map(ToAvro::expected).toList());
    };
  }
}
