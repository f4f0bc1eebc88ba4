package io.drivetrain.entitysync.internal.mapping;

import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import io.drivetrain.schema.settings.Nearest;
import jakarta.persistence.Entity;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The persistent attributes of an entity class, as its annotations map them: basic ones,
 * embeddables, and to-one associations that its own table holds. Collections and other associations
 * are left out. Immutable, thread-safe.
 */
public final class EntityShape {

  /** Keyed by class without holding it, so a redeployed application can be collected. */
  private static final ClassValue<EntityShape> SHAPES =
      new ClassValue<>() {
        @Override
        protected EntityShape computeValue(Class<?> type) {
          ShapeReader reader = new ShapeReader(type);
          List<Attribute> attributes = reader.read();
          return new EntityShape(type, attributes, reader.associations());
        }
      };

  private final Class<?> type;
  private final List<Attribute> attributes;
  private final List<Association> associations;

  private EntityShape(Class<?> type, List<Attribute> attributes, List<Association> associations) {
    this.type = type;
    this.attributes = List.copyOf(attributes);
    this.associations = List.copyOf(associations);
  }

  /**
   * The shape of an entity class.
   *
   * @throws MappingException if it is no entity or has no id
   */
  public static EntityShape of(Class<?> type) {
    if (!type.isAnnotationPresent(Entity.class)) {
      throw new MappingException(type.getName() + " is not an @Entity");
    }
    EntityShape shape = SHAPES.get(type);
    if (shape.ids().isEmpty()) {
      throw new MappingException(
          type.getName() + " has no attribute with @Id or @EmbeddedId; XML mappings are not read");
    }
    return shape;
  }

  /** The entity class. */
  public Class<?> type() {
    return type;
  }

  /** The simple name, as messages and settings use it. */
  public String name() {
    return type.getSimpleName();
  }

  /** Every attribute, superclasses' first. */
  public List<Attribute> attributes() {
    return attributes;
  }

  /** The persistent attributes that are left out of {@link #attributes}. */
  public List<Association> associations() {
    return associations;
  }

  /** The attributes that make the id: one, or several of a compound id. */
  public List<Attribute> ids() {
    return attributes.stream().filter(Attribute::isId).toList();
  }

  /** The only id attribute, if it is one basic attribute. */
  public Optional<Attribute> simpleId() {
    List<Attribute> ids = ids();
    return ids.size() == 1 && ids.get(0).kind() == Kind.BASIC
        ? Optional.of(ids.get(0))
        : Optional.empty();
  }

  /** An attribute by name. */
  public Optional<Attribute> find(String name) {
    return attributes.stream().filter(attribute -> attribute.name().equals(name)).findFirst();
  }

  /**
   * An attribute that must be there.
   *
   * @param role what it is wanted as, for the error
   * @throws MappingException naming entity, attribute, the attributes there are and the nearest
   */
  public Attribute require(String name, String role) {
    return find(name).orElseThrow(() -> new MappingException(unknown(name, role)));
  }

  private String unknown(String name, String role) {
    List<String> known = attributes.stream().map(Attribute::name).sorted().toList();
    return name()
        + " has no attribute '"
        + name
        + "' to use as "
        + role
        + Nearest.to(name, known).map(nearest -> "; did you mean " + nearest + "?").orElse(";")
        + " It has "
        + String.join(", ", known);
  }

  /**
   * The id's value, equal for the same entity: one value, or for a compound id a map of plain
   * values by the names of its parts.
   */
  public Object idOf(Object entity) {
    List<Attribute> ids = ids();
    if (ids.size() == 1) {
      Attribute id = ids.get(0);
      return id.kind() == Kind.EMBEDDED ? id.plain(entity) : id.get(entity);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Attribute id : ids) {
      values.put(id.name(), id.plain(entity));
    }
    return values;
  }

  /** A new instance from the no-argument constructor. */
  public Object newInstance() {
    return newInstance(type);
  }

  static Object newInstance(Class<?> type) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(
          "the constructor of " + type.getName() + " failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new MappingException(type.getName() + " has no constructor without arguments");
    }
  }

  static Object referencedId(Object referenced, Class<?> declared) {
    return ReferencedId.of(referenced, declared);
  }
}
