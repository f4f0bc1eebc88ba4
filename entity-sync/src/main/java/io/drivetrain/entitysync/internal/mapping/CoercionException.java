package io.drivetrain.entitysync.internal.mapping;

/** A value that does not fit an attribute; the message says value, target type and expectation. */
public class CoercionException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 80;

  /** {@code 'value' does not fit type; expected expected}. */
  CoercionException(Object value, Class<?> target, String expected) {
    super(shown(value) + " does not fit " + target.getTypeName() + "; expected " + expected);
  }

  /** In place of {@code cause}, with the attribute's name in front. */
  CoercionException(String attribute, CoercionException cause) {
    super(attribute + ": " + cause.getMessage(), cause);
  }

  /** Long values are cut: an error is read by people and must not fill a log. */
  private static String shown(Object value) {
    if (value == null) {
      return "null";
    }
    String text = value.toString();
    return "'" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + "'";
  }
}
