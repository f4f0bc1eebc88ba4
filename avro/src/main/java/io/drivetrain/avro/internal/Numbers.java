package io.drivetrain.avro.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Numbers of any class, and of text, exactly or not at all. */
final class Numbers {
  private Numbers() {}

  /**
   * The number.
   *
   * @throws IllegalArgumentException if it is none, or not finite
   */
  static BigDecimal exact(Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    if (value instanceof BigInteger number) {
      return new BigDecimal(number);
    }
    if (value instanceof Number || value instanceof CharSequence) {
      return new BigDecimal(value.toString().trim());
    }
    throw new IllegalArgumentException();
  }

  /**
   * With as many digits after the point as a schema has.
   *
   * @throws ArithmeticException if it has more, or more in all
   */
  static BigDecimal scaled(Object value, int precision, int scale) {
    BigDecimal number = exact(value).setScale(scale, RoundingMode.UNNECESSARY);
    if (number.precision() > precision) {
      throw new ArithmeticException();
    }
    return number;
  }

  /** As a double; what is not a number stays what it is. */
  static double asDouble(Object value) {
    if (value instanceof Double || value instanceof Float) {
      return ((Number) value).doubleValue();
    }
    double number = exact(value).doubleValue();
    if (Double.isInfinite(number)) {
      throw new ArithmeticException();
    }
    return number;
  }

  /** As a float. */
  static float asFloat(Object value) {
    if (value instanceof Float number) {
      return number;
    }
    double wide = asDouble(value);
    float number = (float) wide;
    if (Float.isInfinite(number) && !Double.isInfinite(wide)) {
      throw new ArithmeticException();
    }
    return number;
  }
}
