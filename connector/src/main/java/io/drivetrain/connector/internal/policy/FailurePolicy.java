package io.drivetrain.connector.internal.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What becomes of a failed delivery. Immutable.
 *
 * @param backoff how long the partition pauses before the record comes again
 * @param strategy what takes over when the record is given up
 * @param maxAttempts how many deliveries may fail before that
 * @param classes which failures have rules of their own
 */
public record FailurePolicy(
    Backoff backoff, Strategy strategy, int maxAttempts, FailureClasses classes) {

  /** What to do about a failure, by the name configuration has for it. */
  public enum Strategy {
    /** The partition pauses, and the record comes first afterwards. */
    PAUSE("pause"),
    /** The record goes to the dead-letter topic and counts as done. */
    DEAD_LETTER_QUEUE("dead-letter-queue"),
    /** The record counts as done. */
    IGNORE("ignore"),
    /** The channel ends. */
    FAIL("fail");

    private final String text;

    Strategy(String text) {
      this.text = text;
    }

    /** The name configuration has for it. */
    public String text() {
      return text;
    }

    /** All names. */
    public static List<String> texts() {
      return Arrays.stream(values()).map(Strategy::text).toList();
    }

    /** The strategy of a name in {@link #texts}. */
    public static Strategy of(String text) {
      return Arrays.stream(values())
          .filter(strategy -> strategy.text.equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no strategy is named " + text));
    }
  }

  /** Pauses for as long as a record fails. */
  public FailurePolicy(Backoff backoff) {
    this(backoff, Strategy.PAUSE, Integer.MAX_VALUE, new FailureClasses(Set.of(), Set.of()));
  }

  /**
   * Decides.
   *
   * @param failures how often the record has failed, from 1
   * @param cause the last failure
   * @return {@link Strategy#PAUSE} while the record is not given up
   */
  public Strategy decide(int failures, Throwable cause) {
    if (strategy == Strategy.PAUSE) {
      return Strategy.PAUSE;
    }
    return switch (classes.ruleFor(cause)) {
      case RETRY -> Strategy.PAUSE;
      case AT_ONCE -> strategy;
      case NONE -> failures >= maxAttempts ? strategy : Strategy.PAUSE;
    };
  }
}
