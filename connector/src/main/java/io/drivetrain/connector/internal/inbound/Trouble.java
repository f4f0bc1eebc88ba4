package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.internal.policy.Backoff;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * Whether the client is in trouble: it has thrown, and nothing shows yet that it works again. A
 * poll that returns nothing does not: between two refused logins it does so too. The poll thread
 * owns it.
 */
final class Trouble {
  private static final Backoff PAUSES =
      new Backoff(Optional.of(Duration.ofMillis(100)), true, Duration.ofSeconds(10));
  private static final Duration QUIET = Duration.ofSeconds(5);

  private final Duration quiet;
  private int failures;
  private long overAt;

  /**
   * None so far.
   *
   * @param consumer the client's properties
   */
  Trouble(Map<String, Object> consumer) {
    Object backoff = consumer.get(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG);
    Duration twice =
        backoff == null ? QUIET : Duration.ofMillis(2 * Long.parseLong(backoff.toString().trim()));
    quiet = twice.compareTo(QUIET) > 0 ? twice : QUIET;
  }

  /** The client has thrown; says how long to leave it alone. */
  Duration failed(long nanos) {
    failures++;
    Duration pause = PAUSES.after(failures).orElseThrow();
    overAt = nanos + pause.plus(quiet).toNanos();
    return pause;
  }

  /** The client has brought something; says whether that ends a trouble. */
  boolean ended() {
    boolean ended = failures > 0;
    failures = 0;
    return ended;
  }

  /** Whether it is still to be taken for broken. */
  boolean lasts(long nanos) {
    if (failures > 0 && nanos - overAt >= 0) {
      failures = 0;
    }
    return failures > 0;
  }
}
