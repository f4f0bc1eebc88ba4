package io.drivetrain.outbox.internal.drain;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What becomes of a row that Kafka will never take, and of those behind it. */
public enum OnRefused {
  /** It is parked; later rows of its key go on. */
  PARK,
  /** It is parked, and so is every later row of its key until that is unblocked. */
  BLOCK_KEY,
  /** It stays, and nothing more of its topic leaves the shard until that is resumed. */
  STOP,
  /** It is deleted; later rows go on. */
  DROP;

  /** As in settings. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Every word. */
  public static List<String> words() {
    return Arrays.stream(values()).map(OnRefused::word).toList();
  }

  /** By its word. */
  public static OnRefused of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Whether a later row of the key must not be stored behind one that is refused. */
  boolean holdsBack() {
    return this == BLOCK_KEY || this == STOP;
  }
}
