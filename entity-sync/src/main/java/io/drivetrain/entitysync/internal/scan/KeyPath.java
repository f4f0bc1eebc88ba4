package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.entitysync.internal.mapping.MappingException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * One basic part of a key in the order of which a table is read, as JPQL names it.
 *
 * @param path with its alias, for example {@code e.id.hall}
 * @param type its Java type
 */
record KeyPath(String path, Class<?> type) {

  /** The parts of an entity's id. */
  static List<KeyPath> ofId(EntityShape shape) {
    List<KeyPath> paths = new ArrayList<>();
    shape.ids().forEach(id -> add("e.", id, paths));
    return List.copyOf(paths);
  }

  /** An attribute that is a key by itself. */
  static KeyPath of(Attribute attribute) {
    return new KeyPath("e." + attribute.name(), attribute.type());
  }

  private static void add(String prefix, Attribute attribute, List<KeyPath> into) {
    String path = prefix + attribute.name();
    switch (attribute.kind()) {
      case BASIC -> into.add(new KeyPath(path, attribute.type()));
      case EMBEDDED -> attribute.components().forEach(part -> add(path + ".", part, into));
      case REFERENCE ->
          EntityShape.of(attribute.type()).ids().forEach(part -> add(path + ".", part, into));
    }
  }

  /** The parts of an id object as {@code find} takes it, in the order of {@link #ofId}. */
  static List<Object> valuesOf(EntityShape shape, Object id) {
    List<Object> values = new ArrayList<>();
    List<Attribute> ids = shape.ids();
    for (Attribute part : ids) {
      addValue(part, ids.size() == 1 ? id : field(id, part.name()), values);
    }
    return values;
  }

  private static void addValue(Attribute attribute, Object value, List<Object> into) {
    switch (attribute.kind()) {
      case BASIC -> into.add(value);
      case EMBEDDED ->
          attribute.components().forEach(part -> addValue(part, part.get(value), into));
      case REFERENCE -> into.addAll(valuesOf(EntityShape.of(attribute.type()), value));
    }
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
        break;
      }
    }
    throw new MappingException(idClass.getClass().getName() + " has no readable field " + name);
  }
}
