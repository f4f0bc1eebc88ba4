package io.drivetrain.avro.internal;

import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** Plain values as the type that somebody asks for, exactly. */
final class Scalars {
  private Scalars() {}

  static Class<?> boxed(Class<?> type) {
    return type.isPrimitive() ? MethodType.methodType(type).wrap().returnType() : type;
  }

  /**
   * The value as that type.
   *
   * @throws RuntimeException if it is none
   */
  static Object to(Class<?> target, Object value) {
    Class<?> type = boxed(target);
    if (type.isInstance(value)) {
      return value;
    }
    if (value instanceof Map<?, ?> || value instanceof Collection<?>) {
      throw new IllegalArgumentException();
    }
    if (type == String.class || type == CharSequence.class) {
      return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
    }
    if (type == UUID.class) {
      return UUID.fromString(value.toString());
    }
    if (type == Long.class) {
      return Numbers.exact(value).longValueExact();
    }
    if (type == Integer.class) {
      return Numbers.exact(value).intValueExact();
    }
    if (type == Short.class) {
      return Numbers.exact(value).shortValueExact();
    }
    if (type == Double.class) {
      return Numbers.asDouble(value);
    }
    if (type == Float.class) {
      return Numbers.asFloat(value);
    }
    throw new IllegalArgumentException();
  }
}
