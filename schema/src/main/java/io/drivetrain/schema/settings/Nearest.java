package io.drivetrain.schema.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Offers the known name an operator probably meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The known name with the fewest edits from {@code word}, if at most a third of it has to change.
   */
  public static Optional<String> to(String word, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.comparingInt((String name) -> edits(word, name)).thenComparing(name -> name))
        .filter(name -> edits(word, name) <= Math.max(2, word.length() / 3));
  }

  /**
   * Levenshtein distance: how many letters to add, drop or change; here because no dependency of
   * this module has one.
   */
  public static int edits(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
