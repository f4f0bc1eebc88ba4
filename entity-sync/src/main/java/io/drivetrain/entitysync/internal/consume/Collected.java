package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.CollectionMode;
import io.drivetrain.entitysync.internal.mapping.Assignment;
import io.drivetrain.entitysync.internal.mapping.Association;
import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import io.drivetrain.entitysync.internal.mapping.Coercion;
import io.drivetrain.entitysync.internal.mapping.CoercionException;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.entitysync.internal.mapping.MappingException;
import io.drivetrain.schema.CodecException;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Collections that belong to an entity and come with its payload. Stateless. */
final class Collected {
  private Collected() {}

  /**
   * Checks what a consumer says of its entity's collections.
   *
   * @throws MappingException naming the one that cannot be kept
   */
  static void check(EntityShape shape, Map<String, CollectionMode> modes) {
    modes.keySet().forEach(name -> of(shape, name));
  }

  private static Association of(EntityShape shape, String name) {
    return shape.associations().stream()
        .filter(association -> association.name().equals(name) && association.isOwnedCollection())
        .findFirst()
        .orElseThrow(
            () ->
                new MappingException(
                    shape.name()
                        + "."
                        + name
                        + " is no collection that belongs to it; expected @OneToMany or"
                        + " @ElementCollection"));
  }

  /** Brings the collections that the payload carries to what it says. */
  static void assign(
      EntityManager entities,
      EntityShape shape,
      Object owner,
      Map<String, Object> payload,
      Map<String, CollectionMode> modes,
      Assignment.References references) {
    modes.forEach(
        (name, mode) -> {
          if (payload.containsKey(name)) {
            Association collection = of(shape, name);
            List<?> wanted = list(name, payload.get(name));
            if (collection.elementType().isAnnotationPresent(Entity.class)) {
              children(entities, collection, owner, wanted, mode, references);
            } else {
              elements(collection, owner, wanted, mode, references);
            }
          }
        });
  }

  private static List<?> list(String name, Object value) {
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new CodecException(name + " is no list");
  }

  private static void elements(
      Association collection,
      Object owner,
      List<?> wanted,
      CollectionMode mode,
      Assignment.References references) {
    Collection<Object> current = current(collection, owner);
    Optional<Attribute> embedded = collection.embeddedElement();
    List<Object> values = new ArrayList<>();
    for (Object value : wanted) {
      values.add(element(collection, embedded, value, references));
    }
    if (mode == CollectionMode.REPLACE && !equal(embedded, current, values)) {
      current.clear();
      current.addAll(values);
    } else if (mode == CollectionMode.APPEND) {
      values.stream()
          .filter(value -> current.stream().noneMatch(known -> same(embedded, known, value)))
          .forEach(current::add);
    }
  }

  private static Object element(
      Association collection,
      Optional<Attribute> embedded,
      Object value,
      Assignment.References references) {
    if (embedded.isEmpty()) {
      return Coercion.to(collection.elementType(), value);
    }
    try {
      return Assignment.embeddable(embedded.get(), value, references);
    } catch (CoercionException e) {
      throw Assignment.of(embedded.get(), e);
    }
  }

  private static boolean equal(
      Optional<Attribute> embedded, Collection<Object> current, List<Object> values) {
    if (current.size() != values.size()) {
      return false;
    }
    Iterator<Object> known = current.iterator();
    return values.stream().allMatch(value -> same(embedded, known.next(), value));
  }

  /** Embeddables by what they hold: few have equals. */
  private static boolean same(Optional<Attribute> embedded, Object known, Object value) {
    if (embedded.isEmpty() || known == null || value == null) {
      return Objects.equals(known, value);
    }
    return embedded.get().components().stream()
        .allMatch(
            part ->
                part.kind() == Kind.EMBEDDED
                    ? same(Optional.of(part), part.raw(known), part.raw(value))
                    : Objects.deepEquals(part.get(known), part.get(value)));
  }

  private static void children(
      EntityManager entities,
      Association collection,
      Object owner,
      List<?> wanted,
      CollectionMode mode,
      Assignment.References references) {
    EntityShape shape = EntityShape.of(collection.elementType());
    Collection<Object> current = current(collection, owner);
    Map<Object, Object> byId = new HashMap<>();
    current.forEach(child -> byId.put(shape.idOf(child), child));
    Set<Object> kept = new LinkedHashSet<>();
    List<Map<String, Object>> fresh = new ArrayList<>();
    for (Object value : wanted) {
      Map<String, Object> payload = object(collection.name(), value);
      Object known = byId.get(id(shape, payload));
      if (known == null) {
        fresh.add(payload);
      } else {
        Assignment.assign(shape, known, payload, references);
        kept.add(known);
      }
    }
    if (mode == CollectionMode.REPLACE) {
      List<Object> gone = current.stream().filter(child -> !kept.contains(child)).toList();
      current.removeAll(gone);
      gone.forEach(entities::remove);
      // A provider would insert the new children before it deletes the old ones.
      entities.flush();
    }
    for (Map<String, Object> payload : fresh) {
      Object child = shape.newInstance();
      assignId(shape, child, payload);
      Assignment.assign(shape, child, payload, references);
      if (collection.mappedBy() != null) {
        shape.require(collection.mappedBy(), "the way back to the owner").set(child, owner);
      }
      entities.persist(child);
      current.add(child);
    }
  }

  private static Object id(EntityShape shape, Map<String, Object> payload) {
    Attribute id = simpleId(shape);
    return payload.get(id.name()) == null ? null : Coercion.to(id.type(), payload.get(id.name()));
  }

  private static void assignId(EntityShape shape, Object child, Map<String, Object> payload) {
    Attribute id = simpleId(shape);
    if (!id.isGenerated()) {
      Object value = id(shape, payload);
      if (value == null) {
        throw new CodecException(shape.name() + " has no " + id.name() + ", which is its id");
      }
      id.set(child, value);
    }
  }

  private static Attribute simpleId(EntityShape shape) {
    return shape
        .simpleId()
        .orElseThrow(
            () ->
                new MappingException(
                    shape.name() + " has a compound id; a child has a single one"));
  }

  @SuppressWarnings("unchecked") // JSON objects have names.
  private static Map<String, Object> object(String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new CodecException(name + " holds something that is no object");
  }

  @SuppressWarnings("unchecked") // Elements are only handed on.
  private static Collection<Object> current(Association collection, Object owner) {
    Collection<Object> current = (Collection<Object>) collection.get(owner);
    if (current == null) {
      current =
          Set.class.isAssignableFrom(collection.collectionType())
              ? new LinkedHashSet<>()
              : new ArrayList<>();
      collection.set(owner, current);
    }
    return current;
  }

  /** The children go with their owner, also where the mapping cascades nothing. */
  static void remove(
      EntityManager entities, EntityShape shape, Object owner, Map<String, CollectionMode> modes) {
    for (String name : modes.keySet()) {
      Association collection = of(shape, name);
      if (collection.elementType().isAnnotationPresent(Entity.class)) {
        List.copyOf(current(collection, owner)).forEach(entities::remove);
        // Without a cascade the provider does not know that the children have to go first.
        entities.flush();
      }
    }
  }
}
