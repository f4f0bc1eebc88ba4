package io.drivetrain.entitysync.internal.mapping;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.Base64;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.Locale;
import java.util.UUID;

/**
 * Attribute values as payloads hold them: text, numbers, booleans and null, so that every format
 * and every reader sees the same. {@link Coercion} is the way back.
 */
public final class PlainValues {

  /** Stands for a value that cannot be compared later. */
  public static final Object UNKNOWN = new Object();

  private PlainValues() {}

  /** The payload's form of a basic value; types not known here are left to the topic's codec. */
  public static Object of(Object value) {
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    if (value instanceof char[] chars) {
      return new String(chars);
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof java.sql.Date || value instanceof java.sql.Time) {
      return value.toString();
    }
    if (value instanceof Date date) {
      return instant(date).toString();
    }
    if (value instanceof Calendar calendar) {
      return calendar.toInstant().toString();
    }
    if (value instanceof Class<?> type) {
      return type.getName();
    }
    if (value instanceof Locale locale) {
      return locale.toLanguageTag();
    }
    if (value instanceof Temporal
        || value instanceof TemporalAmount
        || value instanceof ZoneId
        || value instanceof UUID
        || value instanceof Currency
        || value instanceof Character) {
      return value.toString();
    }
    return value;
  }

  /** A copy that later changes of the value do not reach, or {@link #UNKNOWN}. */
  static Object remembered(Object value) {
    if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros();
    }
    if (value == null || isImmutable(value)) {
      return value;
    }
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    if (value instanceof char[] chars) {
      return chars.clone();
    }
    if (value instanceof java.sql.Date || value instanceof java.sql.Time) {
      return value.toString();
    }
    if (value instanceof Date date) {
      return instant(date);
    }
    if (value instanceof Calendar calendar) {
      return calendar.toInstant();
    }
    return UNKNOWN;
  }

  private static Instant instant(Date date) {
    return date instanceof java.sql.Timestamp timestamp
        ? timestamp.toInstant()
        : Instant.ofEpochMilli(date.getTime());
  }

  private static boolean isImmutable(Object value) {
    return value instanceof String
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof Enum<?>
        || value instanceof UUID
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte
        || value instanceof Float
        || value instanceof Double
        || value instanceof BigInteger
        || value instanceof Currency
        || value instanceof Locale
        || value instanceof Class<?>
        || value instanceof ZoneId
        || (value instanceof Temporal || value instanceof TemporalAmount)
            && value.getClass().getName().startsWith("java.time.");
  }
}
