package io.drivetrain.entitysync.internal.mapping;

import jakarta.persistence.AccessType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.OneToMany;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * A persistent attribute that payloads do not carry by themselves: a collection, or a to-one
 * association whose column or id is not a plain one. Thread-safe.
 */
public final class Association {
  private final String name;
  private final Type generic;
  private final AnnotatedElement element;
  private final Accessor accessor;
  private final AccessType access;

  /** Read when it is asked for: embeddables may hold each other. Any thread may set it. */
  private volatile Optional<Attribute> embeddedElement;

  Association(
      String name, Type generic, AnnotatedElement element, Accessor accessor, AccessType access) {
    this.name = name;
    this.generic = generic;
    this.element = element;
    this.accessor = accessor;
    this.access = access;
  }

  /** The attribute's name, as JPA knows it. */
  public String name() {
    return name;
  }

  /** An annotation of its field or getter, null if it has none of that type. */
  public <A extends Annotation> A annotation(Class<A> annotation) {
    return element.getAnnotation(annotation);
  }

  /** Whether it is a collection, not a map, of elements or of entities that belong to its owner. */
  public boolean isOwnedCollection() {
    boolean elements = element.isAnnotationPresent(ElementCollection.class);
    boolean children =
        element.isAnnotationPresent(OneToMany.class)
            && elementType().isAnnotationPresent(Entity.class);
    return (elements || children) && Collection.class.isAssignableFrom(collectionType());
  }

  /** Whether its elements live in a table of their own that the provider writes with the owner. */
  public boolean isWrittenWithOwner() {
    OneToMany many = element.getAnnotation(OneToMany.class);
    boolean elsewhere =
        many != null
            && !many.mappedBy().isEmpty()
            && many.cascade().length == 0
            && !many.orphanRemoval();
    return !elsewhere;
  }

  /** The class of the collection. */
  public Class<?> collectionType() {
    return raw(generic);
  }

  /** The class of its elements, Object if it cannot be told. */
  public Class<?> elementType() {
    if (generic instanceof ParameterizedType p && p.getActualTypeArguments().length > 0) {
      Type[] arguments = p.getActualTypeArguments();
      return raw(arguments[Map.class.isAssignableFrom(collectionType()) ? 1 : 0]);
    }
    return Object.class;
  }

  /** One of its elements as if it were embedded in the owner; empty if they are no embeddables. */
  public Optional<Attribute> embeddedElement() {
    if (embeddedElement == null) {
      embeddedElement =
          elementType().isAnnotationPresent(Embeddable.class)
              ? Optional.of(ShapeReader.embedded(name, elementType(), element, accessor, access))
              : Optional.empty();
    }
    return embeddedElement;
  }

  /** The collection itself; a provider may load it. */
  public Object get(Object owner) {
    return accessor.get(owner);
  }

  /** Writes the collection. */
  public void set(Object owner, Object value) {
    accessor.set(owner, value);
  }

  private static Class<?> raw(Type type) {
    if (type instanceof Class<?> c) {
      return c;
    }
    return type instanceof ParameterizedType p ? raw(p.getRawType()) : Object.class;
  }

  /** The child's attribute that refers to the owner; null if the owner's side has the column. */
  public String mappedBy() {
    OneToMany many = element.getAnnotation(OneToMany.class);
    return many == null || many.mappedBy().isEmpty() ? null : many.mappedBy();
  }

  @Override
  public String toString() {
    return name;
  }
}
