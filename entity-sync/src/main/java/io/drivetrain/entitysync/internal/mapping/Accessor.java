package io.drivetrain.entitysync.internal.mapping;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * Reads and writes one attribute of an entity the way its provider does. Immutable, thread-safe.
 *
 * <p>Providers weave accessors into entity classes: a plain reflective write to a field of a class
 * woven by EclipseLink goes past its change tracking and is never stored, and a plain read of a
 * lazy one sees null. So woven accessors, known by name only, are preferred to the field.
 */
final class Accessor {
  private static final String[] WOVEN_READ = {"_persistence_get_", "$$_hibernate_read_"};
  private static final String[] WOVEN_WRITE = {"_persistence_set_", "$$_hibernate_write_"};

  private final String name;
  private final Field field;
  private final Method read;
  private final Method write;

  private Accessor(String name, Field field, Method read, Method write) {
    this.name = name;
    this.field = field;
    this.read = read;
    this.write = write;
  }

  /** Field access. */
  static Accessor of(Field field) {
    field.setAccessible(true);
    Class<?> owner = field.getDeclaringClass();
    return new Accessor(
        owner.getSimpleName() + "." + field.getName(),
        field,
        woven(owner, WOVEN_READ, field.getName()),
        woven(owner, WOVEN_WRITE, field.getName(), field.getType()));
  }

  /** Property access; {@code setter} may be null for a record component. */
  static Accessor of(Method getter, Method setter) {
    getter.setAccessible(true);
    if (setter != null) {
      setter.setAccessible(true);
    }
    return new Accessor(
        getter.getDeclaringClass().getSimpleName() + "." + getter.getName(), null, getter, setter);
  }

  /** The value; a provider may load it if it is lazy. */
  Object get(Object owner) {
    return read != null ? call(read, owner) : fieldValue(owner);
  }

  /** The value as it lies there, never loading anything when access is by field. */
  Object peek(Object owner) {
    return field != null ? fieldValue(owner) : call(read, owner);
  }

  void set(Object owner, Object value) {
    if (write != null) {
      call(write, owner, value);
      return;
    }
    if (field == null) {
      throw new MappingException(name + " has no setter");
    }
    try {
      field.set(owner, value);
    } catch (IllegalAccessException e) {
      throw new MappingException(name + " cannot be written: " + e.getMessage());
    }
  }

  private Object fieldValue(Object owner) {
    try {
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new MappingException(name + " cannot be read: " + e.getMessage());
    }
  }

  private static Object call(Method method, Object owner, Object... arguments) {
    try {
      return method.invoke(owner, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(method + " failed", e.getCause());
    } catch (IllegalAccessException e) {
      throw new MappingException(method + " cannot be called: " + e.getMessage());
    }
  }

  private static Method woven(
      Class<?> owner, String[] prefixes, String name, Class<?>... parameters) {
    for (String prefix : prefixes) {
      try {
        Method method = owner.getDeclaredMethod(prefix + name, parameters);
        method.setAccessible(true);
        return method;
      } catch (NoSuchMethodException e) {
        // Not woven by this provider.
      }
    }
    return null;
  }
}
