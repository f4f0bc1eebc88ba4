package io.drivetrain.entitysync.internal.mapping;

import java.lang.annotation.Annotation;
import java.lang.ref.WeakReference;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One persistent attribute of an entity or embeddable. Immutable, thread-safe. */
public final class Attribute {

  /** How an attribute is mapped. */
  public enum Kind {
    /** One column. */
    BASIC,
    /** Several columns as an object of their own. */
    EMBEDDED,
    /** A to-one association that this entity's table holds. */
    REFERENCE
  }

  private final String name;
  private final Kind kind;
  private final Class<?> type;
  private final boolean id;
  private final boolean generated;
  private final boolean version;
  private final boolean lazy;
  private final boolean modificationTime;
  private final AnnotatedElement element;
  private final Accessor accessor;
  private final List<Attribute> components;

  Attribute(
      String name,
      Kind kind,
      Class<?> type,
      Traits traits,
      AnnotatedElement element,
      Accessor accessor,
      List<Attribute> components) {
    this.name = name;
    this.kind = kind;
    this.type = type;
    this.id = traits.id();
    this.generated = traits.generated();
    this.version = traits.version();
    this.lazy = traits.lazy();
    this.modificationTime = traits.modificationTime();
    this.element = element;
    this.accessor = accessor;
    this.components = List.copyOf(components);
  }

  /** What the annotations say beyond the kind. */
  record Traits(
      boolean id, boolean generated, boolean version, boolean lazy, boolean modificationTime) {
    static final Traits NONE = new Traits(false, false, false, false, false);
  }

  /** The attribute's name, as JPA knows it. */
  public String name() {
    return name;
  }

  /** How it is mapped. */
  public Kind kind() {
    return kind;
  }

  /** Its Java type; of a reference, the referenced entity. */
  public Class<?> type() {
    return type;
  }

  /** Whether it is the id or part of it. */
  public boolean isId() {
    return id;
  }

  /** Whether the provider or database makes its value. */
  public boolean isGenerated() {
    return generated;
  }

  /** Whether it is the optimistic lock's version. */
  public boolean isVersion() {
    return version;
  }

  /** Whether its change alone says that something else changed: version, time of modification. */
  public boolean isBookkeeping() {
    return version || modificationTime;
  }

  /** Whether it may not be loaded yet. */
  public boolean isLazy() {
    return lazy;
  }

  /** An annotation of its field or getter, null if it has none of that type. */
  public <A extends Annotation> A annotation(Class<A> annotation) {
    return element.getAnnotation(annotation);
  }

  /** Every annotation of its field or getter. */
  public List<Annotation> annotations() {
    return List.of(element.getAnnotations());
  }

  /** The attributes of an embedded one. */
  public List<Attribute> components() {
    return components;
  }

  /** The value; of a reference, the referenced entity's id, see {@link EntityShape#idOf}. */
  public Object get(Object owner) {
    Object value = accessor.get(owner);
    return kind == Kind.REFERENCE && value != null ? EntityShape.referencedId(value, type) : value;
  }

  /** The id of an entity that a reference refers or referred to. */
  public Object idOf(Object referenced) {
    return EntityShape.referencedId(referenced, type);
  }

  /** Whether it refers to an entity whose id has several parts. */
  public boolean isCompoundReference() {
    return kind == Kind.REFERENCE && EntityShape.of(type).simpleId().isEmpty();
  }

  /** The attributes of the entity that a reference refers to, loading it; null if it is null. */
  public Map<String, Object> embedded(Object owner) {
    Object value = accessor.get(owner);
    if (value == null) {
      return null;
    }
    Object loaded = ReferencedId.loaded(value);
    Map<String, Object> map = new LinkedHashMap<>();
    for (Attribute attribute : EntityShape.of(type).attributes()) {
      map.put(attribute.name(), attribute.plain(loaded));
    }
    return map;
  }

  /** The object itself, without looking into a reference. */
  public Object raw(Object owner) {
    return accessor.get(owner);
  }

  /** Writes the value, of a reference the entity. */
  public void set(Object owner, Object value) {
    accessor.set(owner, value);
  }

  /** The value as a payload holds it, see {@link PlainValues}; an embedded one as a map. */
  public Object plain(Object owner) {
    Object value = get(owner);
    if (kind != Kind.EMBEDDED || value == null) {
      return PlainValues.of(value);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    for (Attribute component : components) {
      map.put(component.name(), component.plain(value));
    }
    return map;
  }

  /**
   * The value to compare with later, loading nothing and holding no other entity; {@link
   * PlainValues#UNKNOWN} if that cannot be done.
   */
  public Object remembered(Object owner) {
    if (lazy && kind != Kind.REFERENCE) {
      return PlainValues.UNKNOWN;
    }
    Object value = accessor.peek(owner);
    return switch (kind) {
      case BASIC -> PlainValues.remembered(value);
      // Held weakly: the entity referred to may refer back, and then neither could be collected.
      // A null may be a reference that a woven class has not loaded.
      case REFERENCE -> value == null ? PlainValues.UNKNOWN : new WeakReference<>(value);
      case EMBEDDED -> {
        if (value == null) {
          yield null;
        }
        List<Object> parts = new ArrayList<>();
        for (Attribute component : components) {
          parts.add(component.remembered(value));
        }
        yield parts;
      }
    };
  }

  /** Whether two values of {@link #remembered} differ, or might. */
  public boolean differs(Object before, Object now) {
    if (before == PlainValues.UNKNOWN || now == PlainValues.UNKNOWN) {
      return true;
    }
    if (before instanceof WeakReference<?> a && now instanceof WeakReference<?> b) {
      return a.get() == null || a.get() != b.get();
    }
    if (kind == Kind.EMBEDDED && before instanceof List<?> a && now instanceof List<?> b) {
      for (int i = 0; i < components.size(); i++) {
        if (components.get(i).differs(a.get(i), b.get(i))) {
          return true;
        }
      }
      return false;
    }
    return !java.util.Objects.deepEquals(before, now);
  }

  @Override
  public String toString() {
    return name;
  }
}
