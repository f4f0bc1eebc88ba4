package io.drivetrain.schema.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as operators write them: {@code 250ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code
 * 1d}, ISO-8601, {@code 0}.
 */
public final class Durations {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)");

  /** Longer ones do not fit into nanoseconds, in which threads wait. */
  private static final Duration LONGEST = Duration.ofDays(100 * 365);

  /** What {@link #parse} takes, for error messages. */
  public static final String EXPECTED = "a duration such as 10s or PT10S, or 0";

  private Durations() {}

  /**
   * Parses a duration from zero to a hundred years.
   *
   * @throws IllegalArgumentException if the text is no such duration; the caller knows the key and
   *     words the error
   */
  public static Duration parse(String text) {
    String trimmed = text.trim();
    if (trimmed.equals("0")) {
      return Duration.ZERO;
    }
    try {
      Duration duration = parsed(trimmed);
      if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("negative or too long: " + trimmed);
      }
      return duration;
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException("not a duration: " + trimmed, e);
    }
  }

  private static Duration parsed(String text) {
    Matcher matcher = SHORT.matcher(text);
    if (!matcher.matches()) {
      return Duration.parse(text);
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
