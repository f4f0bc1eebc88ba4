package io.drivetrain.entitysync.internal.consume;

/**
 * The text of a PostgreSQL array. Used once, by one thread. Text, because every driver and server's
 * wrapper passes it on, whatever the element type.
 */
final class ArrayLiteral {
  private final StringBuilder text = new StringBuilder("{");

  private StringBuilder next() {
    return text.length() == 1 ? text : text.append(',');
  }

  void missing() {
    next().append("NULL");
  }

  /** An element that holds nothing an array gives a meaning to, such as a number. */
  void plain(String element) {
    next().append(element);
  }

  /** Any element. */
  void text(String element) {
    StringBuilder out = next().append('"');
    int copied = 0;
    for (int i = 0; i < element.length(); i++) {
      char c = element.charAt(i);
      if (c == '"' || c == '\\') {
        out.append(element, copied, i).append('\\');
        copied = i;
      }
    }
    out.append(element, copied, element.length()).append('"');
  }

  /** The literal. */
  String end() {
    return text.append('}').toString();
  }
}
