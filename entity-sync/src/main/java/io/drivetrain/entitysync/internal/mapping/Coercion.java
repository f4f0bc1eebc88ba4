package io.drivetrain.entitysync.internal.mapping;

import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.Codecs;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.function.Function;

/**
 * Turns a payload's values into attribute types: exactly or not at all. Nothing is rounded, cut
 * off, guessed to be an epoch, or silently false or zero.
 */
public final class Coercion {

  private record Rule(String expected, Function<Object, Object> from) {}

  private static final Map<Class<?>, Rule> RULES = new HashMap<>();

  static {
    rule(String.class, "text, a number or true/false", Coercion::text);
    rule(Boolean.class, "true or false", Coercion::flag);
    rule(Character.class, "one character", Coercion::character);
    whole(Byte.class, "-128 to 127", BigDecimal::byteValueExact);
    whole(Short.class, "-32768 to 32767", BigDecimal::shortValueExact);
    whole(Integer.class, "-2^31 to 2^31-1", BigDecimal::intValueExact);
    whole(Long.class, "-2^63 to 2^63-1", BigDecimal::longValueExact);
    rule(BigInteger.class, "a whole number", value -> number(value).toBigIntegerExact());
    rule(BigDecimal.class, "a number", Coercion::number);
    rule(Double.class, "a number within a double's range", Coercion::doubleNumber);
    rule(Float.class, "a number within a float's range", Coercion::floatNumber);
    parsed(UUID.class, "a UUID", Coercion::uuid);
    parsed(byte[].class, "Base64 text", text -> Base64.getDecoder().decode(text));
    parsed(char[].class, "text", String::toCharArray);
    parsed(Instant.class, "an ISO-8601 instant such as 2026-01-31T10:15:30Z", Instant::parse);
    parsed(LocalDate.class, "an ISO-8601 date such as 2026-01-31", LocalDate::parse);
    parsed(LocalTime.class, "an ISO-8601 time such as 10:15:30", LocalTime::parse);
    parsed(LocalDateTime.class, "ISO-8601 such as 2026-01-31T10:15:30", LocalDateTime::parse);
    parsed(
        OffsetDateTime.class, "ISO-8601 such as 2026-01-31T10:15:30+01:00", OffsetDateTime::parse);
    parsed(OffsetTime.class, "ISO-8601 such as 10:15:30+01:00", OffsetTime::parse);
    parsed(
        ZonedDateTime.class,
        "ISO-8601 such as 2026-01-31T10:15:30+01:00[Europe/Paris]",
        ZonedDateTime::parse);
    rule(Year.class, "a year", value -> Year.of(number(value).intValueExact()));
    parsed(YearMonth.class, "ISO-8601 such as 2026-01", YearMonth::parse);
    parsed(Duration.class, "an ISO-8601 duration such as PT10S", Duration::parse);
    parsed(Period.class, "an ISO-8601 period such as P1M", Period::parse);
    parsed(ZoneId.class, "a time zone such as Europe/Paris", ZoneId::of);
    parsed(ZoneOffset.class, "an offset such as +01:00", ZoneOffset::of);
    parsed(Currency.class, "an ISO 4217 code such as EUR", Currency::getInstance);
    parsed(Locale.class, "a language tag such as en-GB", Locale::forLanguageTag);
    parsed(Date.class, "an ISO-8601 instant", text -> Date.from(Instant.parse(text)));
    parsed(Calendar.class, "an ISO-8601 instant", Coercion::calendar);
    parsed(
        java.sql.Timestamp.class,
        "an ISO-8601 instant",
        text -> java.sql.Timestamp.from(Instant.parse(text)));
    parsed(
        java.sql.Date.class,
        "an ISO-8601 date",
        text -> java.sql.Date.valueOf(LocalDate.parse(text)));
    parsed(
        java.sql.Time.class,
        "an ISO-8601 time",
        text -> java.sql.Time.valueOf(LocalTime.parse(text)));
  }

  private Coercion() {}

  /**
   * The value as an attribute of {@code target} holds it.
   *
   * @param value what a payload holds: text, a number, a boolean, null, or nested maps and lists
   * @throws CoercionException if it does not fit
   */
  public static Object to(Class<?> target, Object value) {
    if (value == null) {
      if (target.isPrimitive()) {
        throw new CoercionException(null, target, "a value");
      }
      return null;
    }
    Class<?> boxed = boxed(target);
    if (boxed.isInstance(value)) {
      return value;
    }
    if (boxed.isEnum()) {
      return constant(boxed, value);
    }
    Rule rule = RULES.get(boxed);
    if (rule == null) {
      return byCodec(boxed, value);
    }
    try {
      return rule.from().apply(value);
    } catch (ArithmeticException | IllegalArgumentException | DateTimeException e) {
      throw new CoercionException(value, target, rule.expected());
    }
  }

  /**
   * A plain record key as a value of an id's type; the way back from {@link
   * io.drivetrain.schema.Keys#encode}.
   *
   * @throws CoercionException if it does not fit
   */
  public static Object key(Class<?> target, byte[] key) {
    if (target == byte[].class) {
      return key;
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
    } catch (CharacterCodingException e) {
      throw new CoercionException(key.length + " bytes", target, "a plain key in UTF-8");
    }
    return to(target, text);
  }

  /** Whether {@link #key} can make values of this type. */
  public static boolean isKeyType(Class<?> target) {
    Class<?> boxed = boxed(target);
    return boxed.isEnum()
        || List.of(String.class, UUID.class, Character.class, Boolean.class).contains(boxed)
        || Number.class.isAssignableFrom(boxed) && RULES.containsKey(boxed);
  }

  /** Whether a value of this type may be one of several in a key that is an object. */
  static boolean isKeyPart(Class<?> target) {
    return isKeyType(target)
        || List.of(LocalDate.class, LocalDateTime.class, Instant.class).contains(target);
  }

  private static Class<?> boxed(Class<?> type) {
    return type.isPrimitive() ? MethodType.methodType(type).wrap().returnType() : type;
  }

  private static void rule(Class<?> type, String expected, Function<Object, Object> from) {
    RULES.put(type, new Rule(expected, from));
  }

  private static void whole(Class<?> type, String range, Function<BigDecimal, Object> exact) {
    rule(type, "a whole number from " + range, value -> exact.apply(number(value)));
  }

  private static void parsed(Class<?> type, String expected, Function<String, Object> parser) {
    rule(
        type,
        expected,
        value -> {
          if (value instanceof String text) {
            return parser.apply(text);
          }
          throw new IllegalArgumentException();
        });
  }

  private static BigDecimal number(Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    if (value instanceof Number || value instanceof String) {
      return new BigDecimal(value.toString().trim());
    }
    throw new IllegalArgumentException();
  }

  private static Object text(Object value) {
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw new IllegalArgumentException();
  }

  private static Object flag(Object value) {
    if (value instanceof String text && text.equalsIgnoreCase("true")) {
      return true;
    }
    if (value instanceof String text && text.equalsIgnoreCase("false")) {
      return false;
    }
    throw new IllegalArgumentException();
  }

  private static Object character(Object value) {
    if (value instanceof String text && text.length() == 1) {
      return text.charAt(0);
    }
    throw new IllegalArgumentException();
  }

  private static Object doubleNumber(Object value) {
    double number = number(value).doubleValue();
    if (Double.isInfinite(number)) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  private static Object floatNumber(Object value) {
    float number = number(value).floatValue();
    if (Float.isInfinite(number)) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  /** The library's parser also takes shortened groups, which no writer means. */
  private static Object uuid(String text) {
    if (text.length() != 36) {
      throw new IllegalArgumentException();
    }
    return UUID.fromString(text);
  }

  private static Object calendar(String text) {
    GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
    calendar.setTimeInMillis(Instant.parse(text).toEpochMilli());
    return calendar;
  }

  private static Object constant(Class<?> type, Object value) {
    for (Object candidate : type.getEnumConstants()) {
      if (((Enum<?>) candidate).name().equals(value)) {
        return candidate;
      }
    }
    List<String> names =
        Arrays.stream(type.getEnumConstants()).map(c -> ((Enum<?>) c).name()).toList();
    throw new CoercionException(value, type, "one of " + String.join(", ", names));
  }

  /** A type of the application's own, stored by a converter: as the JSON codec reads it. */
  private static Object byCodec(Class<?> target, Object value) {
    try {
      return Codecs.json().decode("", Codecs.json().encode("", value), target);
    } catch (CodecException e) {
      throw new CoercionException(value, target, "JSON of that type");
    }
  }
}
