package io.drivetrain.avro.internal.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

/** What the fields of a schema become: columns, and what cannot. Immutable. */
final class Columns {

  /** Of the record, not of the entity. */
  private static final Set<String> OF_THE_RECORD = Set.of("message_id", "timestamp");

  final List<Column> columns = new ArrayList<>();

  /** Fields left out, each with the reason. */
  final List<String> leftOut = new ArrayList<>();

  private record Type(String java, Set<String> imports, String sql) {}

  private Columns() {}

  static Columns of(Schema record) {
    Columns columns = new Columns();
    columns.add(record, "", "", false);
    return columns;
  }

  private void add(Schema record, String owner, String prefix, boolean allNullable) {
    for (Field field : record.getFields()) {
      if (owner.isEmpty() && OF_THE_RECORD.contains(field.name())) {
        continue;
      }
      Optional<Schema> type = single(field.schema());
      boolean nullable = allNullable || field.schema().isNullable();
      String name = prefix + field.name();
      if (type.isEmpty()) {
        leftOut.add(name + ": a union of several types has no column");
      } else if (type.get().getType() == Schema.Type.RECORD) {
        if (owner.isEmpty()) {
          add(type.get(), field.name(), field.name() + "_", nullable);
        } else {
          leftOut.add(name + ": a record within a record; write an embeddable for it");
        }
      } else {
        column(owner, prefix, field, type.get(), nullable);
      }
    }
  }

  private void column(String owner, String prefix, Field field, Schema schema, boolean nullable) {
    Type type = type(schema, nullable);
    if (type == null) {
      leftOut.add(
          prefix
              + field.name()
              + ": "
              + schema.getType().getName()
              + " has no column; write an association or a converter for it");
      return;
    }
    columns.add(
        new Column(
            owner,
            field.name(),
            Column.snake(prefix + field.name()),
            type.java(),
            type.imports(),
            type.sql(),
            nullable,
            schema.getType() == Schema.Type.ENUM ? schema.getEnumSymbols() : List.of()));
  }

  /** The type beside null. */
  private static Optional<Schema> single(Schema schema) {
    if (!schema.isUnion()) {
      return Optional.of(schema);
    }
    List<Schema> types =
        schema.getTypes().stream().filter(each -> each.getType() != Schema.Type.NULL).toList();
    return types.size() == 1 ? Optional.of(types.get(0)) : Optional.empty();
  }

  private static Type type(Schema schema, boolean nullable) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return imported(
          "java.math.BigDecimal",
          "numeric(" + decimal.getPrecision() + ", " + decimal.getScale() + ")");
    }
    String logical = schema.getLogicalType() == null ? "" : schema.getLogicalType().getName();
    return switch (logical) {
      case "uuid" -> imported("java.util.UUID", "uuid");
      case "date" -> imported("java.time.LocalDate", "date");
      case "time-millis", "time-micros" -> imported("java.time.LocalTime", "time");
      case "timestamp-millis", "timestamp-micros", "timestamp-nanos" ->
          imported("java.time.Instant", "timestamp with time zone");
      case "local-timestamp-millis", "local-timestamp-micros", "local-timestamp-nanos" ->
          imported("java.time.LocalDateTime", "timestamp");
      default -> plain(schema, nullable);
    };
  }

  private static Type plain(Schema schema, boolean nullable) {
    return switch (schema.getType()) {
      case STRING -> simple("String", "text");
      case INT -> simple(nullable ? "Integer" : "int", "integer");
      case LONG -> simple(nullable ? "Long" : "long", "bigint");
      case FLOAT -> simple(nullable ? "Float" : "float", "real");
      case DOUBLE -> simple(nullable ? "Double" : "double", "double precision");
      case BOOLEAN -> simple(nullable ? "Boolean" : "boolean", "boolean");
      case BYTES, FIXED -> simple("byte[]", "bytea");
      case ENUM -> simple(schema.getName(), "text");
      default -> null;
    };
  }

  private static Type simple(String java, String sql) {
    return new Type(java, Set.of(), sql);
  }

  private static Type imported(String java, String sql) {
    return new Type(java.substring(java.lastIndexOf('.') + 1), Set.of(java), sql);
  }
}
