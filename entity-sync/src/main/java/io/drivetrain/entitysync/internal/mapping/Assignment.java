package io.drivetrain.entitysync.internal.mapping;

import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Assigns the attributes a payload carries and leaves the others as they are. Ids and versions are
 * never assigned: the key says which entity it is, and the version is the provider's.
 */
public final class Assignment {

  /** Gives the entity a to-one association refers to. */
  @FunctionalInterface
  public interface References {
    /**
     * The entity that a payload's value means.
     *
     * @param attribute the association
     * @param value the payload's, never null
     * @throws CoercionException if it means none
     */
    Object reference(Attribute attribute, Object value);
  }

  private Assignment() {}

  /**
   * Assigns.
   *
   * @param payload by attribute name; a null value is assigned, an absent one is not, unknown names
   *     are ignored
   * @throws CoercionException naming the attribute whose value does not fit
   */
  public static void assign(
      EntityShape shape, Object entity, Map<String, ?> payload, References references) {
    for (Attribute attribute : shape.attributes()) {
      if (payload.containsKey(attribute.name())
          && !attribute.isId()
          && !attribute.isVersion()
          && !attribute.isCompoundReference()) {
        try {
          assign(attribute, entity, payload.get(attribute.name()), references);
        } catch (CoercionException e) {
          throw new CoercionException(attribute.name(), e);
        }
      }
    }
  }

  /** The id that a payload's value of an association means: the id, or an object that has it. */
  public static Object referencedId(Attribute attribute, Object value) {
    Attribute id = EntityShape.of(attribute.type()).ids().get(0);
    return Coercion.to(id.type(), referencedKey(id, value));
  }

  /**
   * The value of the target's key attribute: the value itself, or that of an object that has it.
   */
  public static Object referencedKey(Attribute key, Object value) {
    if (value instanceof Map<?, ?> embedded && embedded.containsKey(key.name())) {
      return embedded.get(key.name());
    }
    return value;
  }

  /** The failure of a value, with the attribute's name in front. */
  public static CoercionException of(Attribute attribute, CoercionException failure) {
    return new CoercionException(attribute.name(), failure);
  }

  /**
   * A new embeddable with these components.
   *
   * @param parts by name, a map
   * @throws CoercionException if it is none, or a value does not fit
   */
  public static Object embeddable(Attribute attribute, Object parts, References references) {
    return embedded(attribute, null, parts, references);
  }

  private static void assign(
      Attribute attribute, Object owner, Object value, References references) {
    attribute.set(
        owner,
        value(
            attribute,
            attribute.kind() == Kind.EMBEDDED ? attribute.raw(owner) : null,
            value,
            references));
  }

  private static Object value(
      Attribute attribute, Object current, Object value, References references) {
    if (value == null && attribute.kind() != Kind.BASIC) {
      return null;
    }
    return switch (attribute.kind()) {
      case BASIC -> Coercion.to(attribute.type(), value);
      case REFERENCE -> references.reference(attribute, value);
      case EMBEDDED -> embedded(attribute, current, value, references);
    };
  }

  private static Object embedded(
      Attribute attribute, Object current, Object value, References references) {
    if (!(value instanceof Map<?, ?> parts)) {
      throw new CoercionException(value, attribute.type(), "an object with its attributes");
    }
    if (attribute.type().isRecord()) {
      return record(attribute, current, parts, references);
    }
    Object target = current == null ? EntityShape.newInstance(attribute.type()) : current;
    for (Attribute component : attribute.components()) {
      if (parts.containsKey(component.name()) && !component.isCompoundReference()) {
        try {
          assign(component, target, parts.get(component.name()), references);
        } catch (CoercionException e) {
          throw new CoercionException(component.name(), e);
        }
      }
    }
    return target;
  }

  private static Object record(
      Attribute attribute, Object current, Map<?, ?> parts, References references) {
    Map<String, Object> values = new HashMap<>();
    for (Attribute component : attribute.components()) {
      Object old = current == null ? null : component.raw(current);
      boolean carried = parts.containsKey(component.name());
      try {
        values.put(
            component.name(),
            carried ? value(component, old, parts.get(component.name()), references) : old);
      } catch (CoercionException e) {
        throw new CoercionException(component.name(), e);
      }
    }
    RecordComponent[] components = attribute.type().getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] arguments =
        Arrays.stream(components).map(component -> values.get(component.getName())).toArray();
    try {
      var constructor = attribute.type().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new CoercionException(parts, attribute.type(), "values it takes: " + e.getCause());
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new CoercionException(parts, attribute.type(), "all of its components");
    }
  }
}
