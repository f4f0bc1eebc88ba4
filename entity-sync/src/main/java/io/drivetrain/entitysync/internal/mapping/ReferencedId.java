package io.drivetrain.entitysync.internal.mapping;

import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the id of an entity that another one refers to, which may be a proxy. Hibernate's proxies,
 * known by name only, are asked themselves: their fields are empty, and an id without a getter
 * could not be read otherwise.
 */
final class ReferencedId {
  private static final String PROXY = "org.hibernate.proxy.HibernateProxy";

  /** Keyed by class without holding it. */
  private static final ClassValue<Boolean> PROXIES =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Class<?> face : c.getInterfaces()) {
              if (face.getName().equals(PROXY)) {
                return true;
              }
            }
          }
          return false;
        }
      };

  private ReferencedId() {}

  /** The id as {@link EntityShape#idOf} gives it, loading nothing if that can be avoided. */
  static Object of(Object referenced, Class<?> declared) {
    EntityShape shape = EntityShape.of(declared);
    return PROXIES.get(referenced.getClass())
        ? ofProvider(shape, initializer(referenced, "getInternalIdentifier"))
        : shape.idOf(referenced);
  }

  /** The entity behind a proxy, loaded; any other is itself. */
  static Object loaded(Object referenced) {
    return PROXIES.get(referenced.getClass())
        ? initializer(referenced, "getImplementation")
        : referenced;
  }

  /** From the id object as the provider holds it. */
  private static Object ofProvider(EntityShape shape, Object id) {
    List<Attribute> ids = shape.ids();
    if (ids.size() == 1 && ids.get(0).kind() != Kind.EMBEDDED) {
      return id;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    if (ids.size() == 1) {
      for (Attribute part : ids.get(0).components()) {
        values.put(part.name(), part.plain(id));
      }
    } else {
      for (Attribute part : ids) {
        values.put(part.name(), PlainValues.of(field(id, part.name())));
      }
    }
    return values;
  }

  private static Object field(Object idClass, String name) {
    for (Class<?> c = idClass.getClass(); c != null; c = c.getSuperclass()) {
      try {
        Field field = c.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(idClass);
      } catch (NoSuchFieldException e) {
        continue;
      } catch (IllegalAccessException e) {
        throw new MappingException(
            idClass.getClass().getName() + "." + name + " cannot be read: " + e.getMessage());
      }
    }
    throw new MappingException(idClass.getClass().getName() + " has no field " + name);
  }

  private static Object initializer(Object proxy, String question) {
    try {
      Object initializer = publicly(proxy, "getHibernateLazyInitializer").invoke(proxy);
      return publicly(initializer, question).invoke(initializer);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(question + " of a proxy failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new MappingException(
          proxy.getClass().getName() + " cannot be asked for its entity: " + e.getMessage());
    }
  }

  /** As an interface declares it: the class that has it may not be accessible. */
  private static Method publicly(Object owner, String name) throws NoSuchMethodException {
    for (Class<?> c = owner.getClass(); c != null; c = c.getSuperclass()) {
      for (Class<?> face : c.getInterfaces()) {
        try {
          return face.getMethod(name);
        } catch (NoSuchMethodException e) {
          // The next one.
        }
      }
    }
    return owner.getClass().getMethod(name);
  }
}
