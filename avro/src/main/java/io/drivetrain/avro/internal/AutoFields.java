package io.drivetrain.avro.internal;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

/**
 * Fills {@code message_id} and {@code timestamp} where a schema has them and the value has not, in
 * the type that the schema gives them. A type that neither fits is left alone. Immutable.
 */
final class AutoFields {
  private final InstantSource clock;
  private final Supplier<UUID> ids;

  AutoFields(InstantSource clock, Supplier<UUID> ids) {
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * What to fill in, by name.
   *
   * @param present the value's fields, null where there is none
   */
  Map<String, Object> missing(Schema schema, Function<String, Object> present) {
    Map<String, Object> missing = new LinkedHashMap<>();
    if (schema.getType() != Schema.Type.RECORD) {
      return missing;
    }
    put(missing, schema, "message_id", present, this::id);
    put(missing, schema, "timestamp", present, this::now);
    return missing;
  }

  private static void put(
      Map<String, Object> missing,
      Schema schema,
      String name,
      Function<String, Object> present,
      Function<Schema, Object> filled) {
    Field field = schema.getField(name);
    if (field == null || present.apply(name) != null) {
      return;
    }
    List<Schema> types =
        field.schema().isUnion() ? field.schema().getTypes() : List.of(field.schema());
    for (Schema type : types) {
      Object value = filled.apply(type);
      if (value != null) {
        missing.put(name, value);
        return;
      }
    }
  }

  private Object id(Schema type) {
    boolean uuid = type.getLogicalType() != null && type.getLogicalType().getName().equals("uuid");
    return switch (type.getType()) {
      case STRING -> uuid ? ids.get() : ids.get().toString();
      case FIXED -> uuid ? ids.get() : null;
      default -> null;
    };
  }

  private Object now(Schema type) {
    String time = Times.logical(type);
    Instant now = clock.instant();
    return switch (type.getType()) {
      case STRING -> type.getLogicalType() == null ? now.toString() : null;
      // A plain number would be one in a unit that only readers know.
      case LONG -> time != null && time.startsWith("timestamp-") ? now : null;
      default -> null;
    };
  }
}
