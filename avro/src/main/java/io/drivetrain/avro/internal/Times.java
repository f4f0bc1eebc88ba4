package io.drivetrain.avro.internal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Calendar;
import java.util.Date;
import org.apache.avro.LogicalTypes;

/**
 * Dates and times as Avro's logical types count them, and back to text. A number counts as one in
 * the schema's unit: the schema says which that is. What is finer than the unit is cut off.
 */
final class Times {
  private static final long MILLION = 1_000_000L;
  private static final long BILLION = 1_000_000_000L;

  private Times() {}

  /** Whether a logical type is one of these. */
  static boolean knows(String logicalType) {
    return switch (logicalType) {
      case "date",
          "time-millis",
          "time-micros",
          "timestamp-millis",
          "timestamp-micros",
          "timestamp-nanos",
          "local-timestamp-millis",
          "local-timestamp-micros",
          "local-timestamp-nanos" ->
          true;
      default -> false;
    };
  }

  /** What {@link #count} takes, in words. */
  static String expected(String logicalType) {
    if (logicalType.equals("date")) {
      return "a date such as 2026-01-31, or a number of days";
    }
    String unit = logicalType.substring(logicalType.lastIndexOf('-') + 1);
    if (logicalType.startsWith("time-")) {
      return "a time such as 10:15:30, or a number of " + unit;
    }
    return logicalType.startsWith("local")
        ? "a date and time without zone such as 2026-01-31T10:15:30, or a number of " + unit
        : "a moment such as 2026-01-31T10:15:30Z, or a number of " + unit;
  }

  /**
   * Counts.
   *
   * @throws RuntimeException if the value is no such thing, or out of range
   */
  static long count(String logicalType, Object value) {
    if (value instanceof Number number) {
      return Numbers.exact(number).longValueExact();
    }
    return switch (logicalType) {
      case "date" -> date(value).toEpochDay();
      case "time-millis" -> time(value).toNanoOfDay() / MILLION;
      case "time-micros" -> time(value).toNanoOfDay() / 1_000;
      case "timestamp-millis" -> instant(value).toEpochMilli();
      case "timestamp-micros" -> units(instant(value), MILLION);
      case "timestamp-nanos" -> units(instant(value), BILLION);
      case "local-timestamp-millis" -> local(value).toInstant(ZoneOffset.UTC).toEpochMilli();
      case "local-timestamp-micros" -> units(local(value).toInstant(ZoneOffset.UTC), MILLION);
      default -> units(local(value).toInstant(ZoneOffset.UTC), BILLION);
    };
  }

  /** Text of a count. */
  static String text(String logicalType, long count) {
    return switch (logicalType) {
      case "date" -> LocalDate.ofEpochDay(count).toString();
      case "time-millis" -> LocalTime.ofNanoOfDay(count * MILLION).toString();
      case "time-micros" -> LocalTime.ofNanoOfDay(count * 1_000).toString();
      case "timestamp-millis" -> Instant.ofEpochMilli(count).toString();
      case "timestamp-micros" -> moment(count, MILLION).toString();
      case "timestamp-nanos" -> moment(count, BILLION).toString();
      case "local-timestamp-millis" -> withoutZone(Instant.ofEpochMilli(count));
      case "local-timestamp-micros" -> withoutZone(moment(count, MILLION));
      default -> withoutZone(moment(count, BILLION));
    };
  }

  /** Whether a value is of the kind that a logical type is for. */
  static boolean isNatural(String logicalType, Object value) {
    if (logicalType.equals("date")) {
      return value instanceof LocalDate || value instanceof java.sql.Date;
    }
    if (logicalType.startsWith("time-")) {
      return value instanceof LocalTime || value instanceof java.sql.Time;
    }
    return logicalType.startsWith("local")
        ? value instanceof LocalDateTime
        : value instanceof Instant
            || value instanceof OffsetDateTime
            || value instanceof ZonedDateTime
            || value instanceof Calendar
            || value instanceof Date
                && !(value instanceof java.sql.Date)
                && !(value instanceof java.sql.Time);
  }

  /** The name of a schema's logical type, if it is one of ours; else null. */
  static String logical(org.apache.avro.Schema schema) {
    String name = schema.getLogicalType() == null ? null : schema.getLogicalType().getName();
    return name != null && !(schema.getLogicalType() instanceof LogicalTypes.Decimal) && knows(name)
        ? name
        : null;
  }

  private static long units(Instant instant, long perSecond) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), perSecond),
        instant.getNano() / (BILLION / perSecond));
  }

  private static Instant moment(long count, long perSecond) {
    return Instant.ofEpochSecond(
        Math.floorDiv(count, perSecond), Math.floorMod(count, perSecond) * (BILLION / perSecond));
  }

  private static String withoutZone(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString();
  }

  private static LocalDate date(Object value) {
    if (value instanceof LocalDate date) {
      return date;
    }
    return value instanceof java.sql.Date date ? date.toLocalDate() : LocalDate.parse(text(value));
  }

  private static LocalTime time(Object value) {
    if (value instanceof LocalTime time) {
      return time;
    }
    return value instanceof java.sql.Time time ? time.toLocalTime() : LocalTime.parse(text(value));
  }

  private static LocalDateTime local(Object value) {
    return value instanceof LocalDateTime local ? local : LocalDateTime.parse(text(value));
  }

  private static Instant instant(Object value) {
    if (value instanceof Instant instant) {
      return instant;
    }
    if (value instanceof OffsetDateTime time) {
      return time.toInstant();
    }
    if (value instanceof ZonedDateTime time) {
      return time.toInstant();
    }
    if (value instanceof Calendar calendar) {
      return calendar.toInstant();
    }
    if (value instanceof Date date && isNatural("timestamp-millis", value)) {
      return date.toInstant();
    }
    return Instant.from(DateTimeFormatter.ISO_ZONED_DATE_TIME.parse(text(value)));
  }

  private static String text(Object value) {
    if (value instanceof CharSequence text) {
      return text.toString();
    }
    throw new IllegalArgumentException();
  }
}
