package io.drivetrain.entitysync.internal.scan;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.Map;
import java.util.function.Function;

/** A moment as a timestamp attribute's type holds it. */
final class Moments {
  private static final Map<Class<?>, Function<Instant, Object>> TYPES =
      Map.of(
          Instant.class, moment -> moment,
          OffsetDateTime.class, moment -> moment.atOffset(ZoneOffset.UTC),
          ZonedDateTime.class, moment -> moment.atZone(ZoneOffset.UTC),
          // What has no zone is in the one of this machine, as the JDBC driver takes it.
          LocalDateTime.class, moment -> LocalDateTime.ofInstant(moment, ZoneId.systemDefault()),
          java.sql.Timestamp.class, java.sql.Timestamp::from,
          Date.class, Date::from);

  static final String NAMES =
      "Instant, OffsetDateTime, ZonedDateTime, LocalDateTime, Date, Timestamp";

  private Moments() {}

  static boolean known(Class<?> type) {
    return TYPES.containsKey(type);
  }

  static Object of(Instant moment, Class<?> type) {
    return TYPES.get(type).apply(moment);
  }
}
