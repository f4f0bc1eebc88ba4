package io.drivetrain.connector.internal.payload;

import io.drivetrain.connector.BatchParameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * What a consumer method takes. Immutable.
 *
 * @param batch whether it takes many records at once
 * @param element the type of one record; meaningless with {@code custom}
 * @param custom makes a batch of a type of its own
 */
public record ParameterType(boolean batch, Type element, Optional<BatchParameter<?>> custom) {

  /**
   * Understands a parameter.
   *
   * @param declared the parameter's generic type
   * @param customs the batch types of the application
   * @throws IllegalArgumentException if the type does not say what to decode; the caller knows the
   *     method and words the error
   */
  public static ParameterType of(Type declared, Iterable<? extends BatchParameter<?>> customs) {
    Type payload = rawClass(declared) == Message.class ? argument(declared, 0) : declared;
    for (BatchParameter<?> custom : customs) {
      if (custom.type() == rawClass(payload)) {
        return new ParameterType(true, Object.class, Optional.of(custom));
      }
    }
    if (rawClass(payload) == List.class) {
      return new ParameterType(true, known(argument(payload, 0)), Optional.empty());
    }
    return new ParameterType(false, known(payload), Optional.empty());
  }

  private static Type known(Type type) {
    if (type instanceof TypeVariable<?>) {
      throw new IllegalArgumentException("type variable " + type + " does not say what to decode");
    }
    return type;
  }

  /** The class of a type; of a wildcard or a variable, that of its bound. */
  public static Class<?> rawClass(Type type) {
    if (type instanceof Class<?> plain) {
      return plain;
    }
    if (type instanceof ParameterizedType parameterized) {
      return (Class<?>) parameterized.getRawType();
    }
    if (type instanceof WildcardType wildcard) {
      return rawClass(wildcard.getUpperBounds()[0]);
    }
    if (type instanceof TypeVariable<?> variable) {
      return rawClass(variable.getBounds()[0]);
    }
    return Object.class;
  }

  /** A type argument; of a wildcard, its bound. */
  static Type argument(Type type, int index) {
    if (!(type instanceof ParameterizedType parameterized)) {
      throw new IllegalArgumentException(
          "raw type " + type.getTypeName() + " does not say what to decode");
    }
    Type argument = parameterized.getActualTypeArguments()[index];
    return argument instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0] : argument;
  }
}
