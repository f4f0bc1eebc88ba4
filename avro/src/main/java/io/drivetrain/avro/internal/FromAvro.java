package io.drivetrain.avro.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/**
 * Turns data of a schema into the plain values that every structured format gives: maps, lists,
 * text, numbers, booleans, {@code byte[]} and null; dates and times as ISO-8601 text.
 */
final class FromAvro {
  private static final Conversions.DecimalConversion DECIMALS = new Conversions.DecimalConversion();

  private FromAvro() {}

  static Object plain(Schema schema, Object datum) {
    if (datum == null) {
      return null;
    }
    String time = Times.logical(schema);
    if (time != null) {
      return Times.text(time, ((Number) datum).longValue());
    }
    return switch (schema.getType()) {
      case UNION ->
          plain(schema.getTypes().get(GenericData.get().resolveUnion(schema, datum)), datum);
      case RECORD -> record((IndexedRecord) datum);
      case ARRAY -> {
        List<Object> items = new ArrayList<>();
        ((Collection<?>) datum).forEach(item -> items.add(plain(schema.getElementType(), item)));
        yield items;
      }
      case MAP -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        ((Map<?, ?>) datum)
            .forEach(
                (key, item) -> entries.put(key.toString(), plain(schema.getValueType(), item)));
        yield entries;
      }
      case STRING, ENUM -> datum.toString();
      case BYTES -> bytes(schema, (ByteBuffer) datum);
      case FIXED -> fixed(schema, (GenericFixed) datum);
      default -> datum;
    };
  }

  static Map<String, Object> record(IndexedRecord record) {
    Map<String, Object> parts = new LinkedHashMap<>();
    for (Field field : record.getSchema().getFields()) {
      parts.put(field.name(), plain(field.schema(), record.get(field.pos())));
    }
    return parts;
  }

  private static Object bytes(Schema schema, ByteBuffer buffer) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return DECIMALS.fromBytes(buffer.duplicate(), schema, decimal);
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static Object fixed(Schema schema, GenericFixed fixed) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return DECIMALS.fromFixed(fixed, schema, decimal);
    }
    if (schema.getLogicalType() != null && schema.getLogicalType().getName().equals("uuid")) {
      ByteBuffer buffer = ByteBuffer.wrap(fixed.bytes());
      return new UUID(buffer.getLong(), buffer.getLong()).toString();
    }
    return fixed.bytes();
  }
}
