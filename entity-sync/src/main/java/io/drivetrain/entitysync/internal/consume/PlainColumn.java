package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.internal.mapping.Attribute;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A column that holds an attribute's value as it is. Immutable.
 *
 * @param attribute the attribute, for a key that of the part
 * @param column its name, quoted
 * @param sqlType its type, without length or precision
 * @param updatable whether an update writes it
 * @param ordinal whether it holds the position of an enum's constant, not its name
 */
record PlainColumn(
    Attribute attribute, String column, String sqlType, boolean updatable, boolean ordinal) {

  private static final Set<String> TEXT = Set.of("character varying", "text", "character");
  private static final Set<String> WHOLE = Set.of("smallint", "integer", "bigint", "numeric");

  /** Java types, and the column types in which every provider stores them the same way. */
  private static final Map<Class<?>, Set<String>> PLAIN =
      Map.ofEntries(
          Map.entry(String.class, TEXT),
          Map.entry(Character.class, TEXT),
          Map.entry(Boolean.class, Set.of("boolean")),
          Map.entry(Byte.class, WHOLE),
          Map.entry(Short.class, WHOLE),
          Map.entry(Integer.class, WHOLE),
          Map.entry(Long.class, WHOLE),
          Map.entry(BigInteger.class, Set.of("numeric")),
          Map.entry(BigDecimal.class, Set.of("numeric")),
          Map.entry(Float.class, Set.of("real")),
          Map.entry(Double.class, Set.of("double precision")),
          Map.entry(UUID.class, Set.of("uuid")),
          Map.entry(byte[].class, Set.of("bytea")),
          Map.entry(LocalDate.class, Set.of("date")),
          Map.entry(LocalTime.class, Set.of("time without time zone")),
          Map.entry(LocalDateTime.class, Set.of("timestamp without time zone")),
          Map.entry(Instant.class, Set.of("timestamp with time zone")),
          Map.entry(OffsetDateTime.class, Set.of("timestamp with time zone")));

  /** Whether a column of this type holds values of this Java type as they are. */
  static boolean holds(String sqlType, Class<?> type, boolean ordinal) {
    if (type.isEnum()) {
      return ordinal
          ? Set.of("smallint", "integer", "bigint").contains(sqlType)
          : TEXT.contains(sqlType);
    }
    return PLAIN
        .getOrDefault(MethodType.methodType(type).wrap().returnType(), Set.of())
        .contains(sqlType);
  }

  /** Appends a value of the attribute's type, of a reference the id. */
  void append(ArrayLiteral array, Object value) {
    if (value == null) {
      array.missing();
    } else if (value instanceof String || value instanceof Character) {
      array.text(value.toString());
    } else if (value instanceof Enum<?> constant) {
      if (ordinal) {
        array.plain(Integer.toString(constant.ordinal()));
      } else {
        array.text(constant.name());
      }
    } else if (value instanceof BigDecimal number) {
      array.plain(number.toPlainString());
    } else if (value instanceof byte[] bytes) {
      array.text("\\x" + HexFormat.of().formatHex(bytes));
    } else if (value instanceof Instant instant) {
      array.text(timestamp(instant.atOffset(ZoneOffset.UTC)));
    } else if (value instanceof OffsetDateTime time) {
      array.text(timestamp(time.withOffsetSameInstant(ZoneOffset.UTC)));
    } else if (value instanceof LocalDateTime || value instanceof LocalTime) {
      array.text(value.toString());
    } else {
      // Numbers, truth values, UUIDs, dates.
      array.plain(value.toString());
    }
  }

  /** Java writes years beyond 9999 with a sign, which PostgreSQL does not read. */
  private static String timestamp(OffsetDateTime time) {
    String text = time.toString();
    return text.startsWith("+") ? text.substring(1) : text;
  }
}
