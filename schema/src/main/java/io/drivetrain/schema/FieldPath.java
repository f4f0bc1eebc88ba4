package io.drivetrain.schema;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;

/**
 * A field of a value by its dotted path: entries of maps, components of Java records, getters and
 * public fields of other classes. Immutable.
 */
final class FieldPath {
  private final String path;

  FieldPath(String path) {
    this.path = path;
  }

  /**
   * The field, null if it or anything on the way is null.
   *
   * @throws CodecException if a class has no such field
   */
  Object of(String topic, Object value) {
    Object found = value;
    for (String name : path.split("\\.")) {
      if (found == null) {
        return null;
      }
      found = found instanceof Map<?, ?> map ? map.get(name) : read(topic, found, name);
    }
    return found;
  }

  private Object read(String topic, Object owner, String name) {
    String capital = name.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + name.substring(1);
    try {
      for (String method : new String[] {name, "get" + capital, "is" + capital}) {
        for (Method candidate : owner.getClass().getMethods()) {
          if (candidate.getName().equals(method)
              && candidate.getParameterCount() == 0
              && candidate.getReturnType() != void.class
              && !Modifier.isStatic(candidate.getModifiers())) {
            candidate.setAccessible(true);
            return candidate.invoke(owner);
          }
        }
      }
      for (Field field : owner.getClass().getFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return field.get(owner);
        }
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new CodecException(
          "topic " + topic + ": the key field " + path + " cannot be read: " + e, e);
    }
    throw new CodecException(
        "topic "
            + topic
            + ": the key is the field "
            + path
            + ", and "
            + owner.getClass().getName()
            + " has no "
            + name);
  }
}
