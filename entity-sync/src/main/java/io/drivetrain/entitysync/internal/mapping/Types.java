package io.drivetrain.entitysync.internal.mapping;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Optional;

/** Resolves type variables of generic superclasses, such as the id type of a mapped superclass. */
public final class Types {
  private Types() {}

  /** What {@code generic}'s type parameter {@code index} is in {@code type}, if it is a class. */
  public static Optional<Class<?>> argument(Class<?> type, Class<?> generic, int index) {
    Type argument = argumentType(type, generic, index);
    return argument == null ? Optional.empty() : raw(argument);
  }

  /** The class behind a type as seen from {@code context}; Object if it cannot be told. */
  static Class<?> resolve(Class<?> context, Type type) {
    if (type instanceof TypeVariable<?> variable
        && variable.getGenericDeclaration() instanceof Class<?> declaring) {
      for (int i = 0; i < declaring.getTypeParameters().length; i++) {
        if (declaring.getTypeParameters()[i].equals(variable)) {
          Optional<Class<?>> found = argument(context, declaring, i);
          if (found.isPresent()) {
            return found.get();
          }
        }
      }
      return raw(variable.getBounds()[0]).orElse(Object.class);
    }
    return raw(type).orElse(Object.class);
  }

  private static Type argumentType(Class<?> type, Class<?> generic, int index) {
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      if (c.getGenericSuperclass() instanceof ParameterizedType parent
          && parent.getRawType() == generic) {
        Type argument = parent.getActualTypeArguments()[index];
        return argument instanceof TypeVariable<?> ? resolve(type, argument) : argument;
      }
    }
    return null;
  }

  private static Optional<Class<?>> raw(Type type) {
    if (type instanceof Class<?> c) {
      return Optional.of(c);
    }
    if (type instanceof ParameterizedType p) {
      return raw(p.getRawType());
    }
    return Optional.empty();
  }
}
