package io.drivetrain.entitysync.internal.mapping;

import java.lang.reflect.Method;
import java.util.List;

/** Reads the id of an entity that another one refers to, which may be a proxy. */
final class ReferencedId {
  private ReferencedId() {}

  /**
   * The id, by its getter if there is one: a proxy answers that without loading, while its fields
   * are empty.
   */
  static Object of(Object referenced, Class<?> declared) {
    Attribute id = EntityShape.of(declared).ids().get(0);
    for (String name : List.of("get" + capital(id.name()), "is" + capital(id.name()), id.name())) {
      try {
        Method getter = declared.getMethod(name);
        if (getter.getReturnType() != void.class) {
          getter.setAccessible(true);
          return getter.invoke(referenced);
        }
      } catch (ReflectiveOperationException e) {
        // The next spelling.
      }
    }
    return id.get(referenced);
  }

  private static String capital(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
