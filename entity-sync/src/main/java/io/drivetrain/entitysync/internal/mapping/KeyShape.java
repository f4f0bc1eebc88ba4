package io.drivetrain.entitysync.internal.mapping;

import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.Codecs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The attributes by which records name an entity: its id, the components of an embedded one, or any
 * other attributes. Immutable, thread-safe.
 */
public final class KeyShape {

  /**
   * One value of the key.
   *
   * @param owner the entity's attribute
   * @param component the component of an embedded owner, else the owner itself
   */
  public record Part(Attribute owner, Attribute component) {
    /** The name a key has it under. */
    public String name() {
      return component.name();
    }

    /** The type of its value; of an association, that of the other entity's id. */
    public Class<?> type() {
      return component.kind() == Kind.REFERENCE
          ? EntityShape.of(component.type()).ids().get(0).type()
          : component.type();
    }

    Object of(Object entity) {
      Object holder = owner == component ? entity : owner.raw(entity);
      return holder == null ? null : component.get(holder);
    }
  }

  private final EntityShape shape;
  private final List<Part> parts;

  private KeyShape(EntityShape shape, List<Part> parts) {
    this.shape = shape;
    this.parts = List.copyOf(parts);
  }

  /**
   * The key of an entity.
   *
   * @param names the attributes that make it; none means the id
   * @throws MappingException if one is unknown or cannot be part of a key
   */
  public static KeyShape of(EntityShape shape, List<String> names) {
    List<Attribute> attributes =
        names.isEmpty()
            ? shape.ids()
            : names.stream().map(name -> shape.require(name, "key of a consumer")).toList();
    List<Part> parts = new ArrayList<>();
    for (Attribute attribute : attributes) {
      if (attribute.kind() == Kind.EMBEDDED) {
        attribute.components().forEach(component -> parts.add(new Part(attribute, component)));
      } else {
        parts.add(new Part(attribute, attribute));
      }
    }
    for (Part part : parts) {
      if (part.component().kind() == Kind.EMBEDDED
          || part.component().isCompoundReference()
          || !Coercion.isKeyPart(part.type())) {
        throw new MappingException(
            shape.name()
                + "."
                + part.name()
                + " cannot be in a record key; expected text, a number, a UUID, a date or an enum");
      }
    }
    return new KeyShape(shape, parts);
  }

  /** Its values, in order. */
  public List<Part> parts() {
    return parts;
  }

  /** Whether it is the id. */
  public boolean isId() {
    return parts.stream().allMatch(part -> part.owner().isId());
  }

  /** The attribute, if it is a single basic one. */
  public boolean isSingle() {
    return parts.size() == 1 && parts.get(0).owner() == parts.get(0).component();
  }

  /**
   * A record key as it was written: a map by attribute names if the key has several parts or is a
   * JSON object, else its text.
   *
   * @throws CodecException if several parts are wanted and the key is no JSON object
   */
  public Object decode(String topic, byte[] key) {
    boolean object = key.length > 0 && key[0] == '{';
    boolean text = parts.size() == 1 && parts.get(0).type() == String.class;
    if (object && !text) {
      return Codecs.json().decode(topic, key, Map.class);
    }
    if (parts.size() > 1) {
      throw new CodecException("the key is no JSON object with " + names());
    }
    return Coercion.key(String.class, key);
  }

  private String names() {
    return String.join(", ", parts.stream().map(Part::name).toList());
  }

  /**
   * The values of a decoded key: a map by attribute names, or the one value.
   *
   * @throws CoercionException naming the part that does not fit
   */
  public List<Object> values(Object decoded) {
    List<Object> values = new ArrayList<>(parts.size());
    for (Part part : parts) {
      Object value = decoded;
      if (decoded instanceof Map<?, ?> map) {
        // A key of one part may be any object of one entry, whatever its name.
        value =
            map.containsKey(part.name()) || parts.size() > 1 || map.size() != 1
                ? map.get(part.name())
                : map.values().iterator().next();
      }
      try {
        if (value == null) {
          throw new CoercionException(null, part.type(), "a value");
        }
        values.add(Coercion.to(part.type(), value));
      } catch (CoercionException e) {
        throw new CoercionException(part.name(), e);
      }
    }
    return values;
  }

  /** The key of an entity, as {@link #values} gives it. */
  public List<Object> of(Object entity) {
    List<Object> values = new ArrayList<>(parts.size());
    for (Part part : parts) {
      values.add(part.of(entity));
    }
    return values;
  }

  /** Gives a new entity its key. */
  public void assign(Object entity, List<Object> values, Assignment.References references) {
    Map<Attribute, Map<String, Object>> embedded = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.owner() != part.component()) {
        embedded
            .computeIfAbsent(part.owner(), owner -> new LinkedHashMap<>())
            .put(part.name(), values.get(i));
      } else if (part.owner().kind() == Kind.REFERENCE) {
        part.owner().set(entity, references.reference(part.owner(), values.get(i)));
      } else {
        part.owner().set(entity, values.get(i));
      }
    }
    embedded.forEach(
        (owner, components) ->
            owner.set(entity, Assignment.embeddable(owner, components, references)));
  }

  /** By name, in order. */
  public Map<String, Object> byName(List<Object> values) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      map.put(parts.get(i).name(), values.get(i));
    }
    return map;
  }

  /** The entity's attributes. */
  public EntityShape shape() {
    return shape;
  }
}
