package io.drivetrain.avro.internal;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with one value, each with the path to it. Owned by one call. */
final class Problems {
  private static final int MOST = 100;
  private static final int LONGEST = 60;

  private final List<String> found = new ArrayList<>();
  private int more;

  /** A value that does not fit. */
  void add(String path, Object value, String expected) {
    add(name(path) + " is " + shown(value) + "; expected " + expected);
  }

  /** Any other sentence that names its path itself. */
  void add(String sentence) {
    if (found.size() < MOST) {
      found.add(sentence);
    } else {
      more++;
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<String> list() {
    List<String> all = new ArrayList<>(found);
    if (more > 0) {
      all.add("and " + more + " more");
    }
    return all;
  }

  static String name(String path) {
    return path.isEmpty() ? "the value" : path;
  }

  private static String shown(Object value) {
    if (value == null) {
      return "null";
    }
    String type = value.getClass().getSimpleName();
    if (value instanceof Number || value instanceof CharSequence || value instanceof Boolean) {
      String text = value.toString();
      return (text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text)
          + " ("
          + type
          + ")";
    }
    // The content of anything else may be long, and secret.
    return "a " + value.getClass().getName();
  }
}
