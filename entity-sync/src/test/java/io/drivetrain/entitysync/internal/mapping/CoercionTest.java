package io.drivetrain.entitysync.internal.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.schema.Keys;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CoercionTest {

  static Stream<Object> values() {
    return Stream.of(
        "text",
        true,
        'x',
        (byte) -1,
        (short) 300,
        70_000,
        Long.MAX_VALUE,
        new BigInteger("123456789012345678901234567890"),
        new BigDecimal("0.10"),
        0.1,
        1.1f,
        UUID.randomUUID(),
        Instant.parse("2026-01-31T10:15:30.123456Z"),
        LocalDate.of(2026, 1, 31),
        LocalTime.of(10, 15),
        LocalDateTime.of(2026, 1, 31, 10, 15, 30, 1000),
        OffsetDateTime.parse("2026-01-31T10:15:30+05:30"),
        ZonedDateTime.parse("2026-01-31T10:15:30+01:00[Europe/Paris]"),
        YearMonth.of(2026, 1),
        Year.of(2026),
        Duration.ofMillis(1500),
        Period.ofMonths(2),
        ZoneId.of("Europe/Paris"),
        Currency.getInstance("EUR"),
        Locale.forLanguageTag("en-GB"),
        new Date(1_234_567_890_123L),
        java.sql.Timestamp.from(Instant.parse("2026-01-31T10:15:30.123456Z")),
        java.sql.Date.valueOf("2026-01-31"),
        java.sql.Time.valueOf("10:15:30"),
        DayOfWeek.MONDAY);
  }

  @ParameterizedTest
  @MethodSource("values")
  void what_publishing_writes_consuming_reads(Object value) {
    Object plain = PlainValues.of(value);

    assertThat(Coercion.to(type(value), plain)).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("values")
  void what_keys_writes_consuming_reads(Object value) {
    if (Coercion.isKeyType(type(value))) {
      assertThat(Coercion.key(type(value), Keys.encode("t", value))).isEqualTo(value);
    }
  }

  private static Class<?> type(Object value) {
    return value instanceof ZoneId ? ZoneId.class : value.getClass();
  }

  @Test
  void bytes_are_base64() {
    assertThat(PlainValues.of(new byte[] {1, -1})).isEqualTo("Af8=");
    assertThat((byte[]) Coercion.to(byte[].class, "Af8=")).containsExactly(1, -1);
  }

  @Test
  void numbers_fit_exactly_or_not_at_all() {
    assertThat(Coercion.to(int.class, new BigDecimal("5.00"))).isEqualTo(5);
    assertThat(Coercion.to(Long.class, "12")).isEqualTo(12L);
    assertThat(Coercion.to(String.class, new BigDecimal("1E+3"))).isEqualTo("1000");
    refused(int.class, new BigDecimal("5.5"));
    refused(byte.class, new BigDecimal("128"));
    refused(int.class, new BigDecimal("2147483648"));
    refused(int.class, true);
    refused(double.class, new BigDecimal("1e999"));
    refused(long.class, "");
    refused(BigDecimal.class, "1,5");
  }

  @Test
  void nothing_is_silently_false_zero_or_an_epoch() {
    refused(boolean.class, "no");
    refused(boolean.class, new BigDecimal(1));
    refused(boolean.class, "");
    refused(int.class, null);
    refused(Instant.class, new BigDecimal("1700000000"));
    refused(LocalDate.class, "2026-01-31T10:15:30Z");
    refused(LocalDateTime.class, "2026-01-31T10:15:30+01:00");
    refused(Date.class, new BigDecimal(0));
    refused(String.class, Map.of());
    refused(String.class, List.of());
    refused(UUID.class, "1-1-1-1-1");
    refused(Character.class, "xy");
    assertThat(Coercion.to(Integer.class, null)).isNull();
  }

  @Test
  void an_error_says_value_type_and_expectation() {
    assertThatThrownBy(() -> Coercion.to(DayOfWeek.class, "Monday"))
        .hasMessage(
            "'Monday' does not fit java.time.DayOfWeek; expected one of MONDAY, TUESDAY, WEDNESDAY,"
                + " THURSDAY, FRIDAY, SATURDAY, SUNDAY");
    assertThatThrownBy(() -> Coercion.to(int.class, "x".repeat(1000)))
        .message()
        .hasSizeLessThan(200);
    assertThatThrownBy(() -> Coercion.key(Long.class, new byte[] {-1, -2}))
        .hasMessageContaining("expected a plain key in UTF-8");
    assertThatThrownBy(() -> Coercion.key(Long.class, "x".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("'x' does not fit java.lang.Long");
  }

  private static void refused(Class<?> target, Object value) {
    assertThatThrownBy(() -> Coercion.to(target, value)).isInstanceOf(CoercionException.class);
  }
}
