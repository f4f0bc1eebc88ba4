package io.drivetrain.entitysync.internal.mapping;

import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import io.drivetrain.entitysync.internal.mapping.Attribute.Traits;
import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.Basic;
import jakarta.persistence.Convert;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OneToOne;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads one class's attributes by Jakarta Persistence's rules. Used by one thread, once. */
final class ShapeReader {
  /** Frameworks' annotations for the time of the last change, by simple name. */
  private static final Set<String> MODIFICATION_TIMES =
      Set.of("UpdateTimestamp", "LastModifiedDate", "LastModified");

  private final Class<?> type;
  private final Set<Class<?>> enclosing;
  private final List<Association> associations = new ArrayList<>();

  ShapeReader(Class<?> type) {
    this(type, Set.of());
  }

  private ShapeReader(Class<?> type, Set<Class<?>> enclosing) {
    this.type = type;
    this.enclosing = enclosing;
  }

  List<Attribute> read() {
    return read(defaultAccess());
  }

  /** What {@link #read} has found and left out. */
  List<Association> associations() {
    return List.copyOf(associations);
  }

  /** An embeddable as if it were an attribute, for elements of collections. */
  static Attribute embedded(
      String name, Class<?> type, AnnotatedElement element, Accessor accessor, AccessType access) {
    List<Attribute> parts = new ShapeReader(type, Set.of(type)).read(access);
    return new Attribute(name, Kind.EMBEDDED, type, Traits.NONE, element, accessor, parts);
  }

  private List<Attribute> read(AccessType inherited) {
    if (type.isRecord()) {
      return components();
    }
    List<Attribute> attributes = new ArrayList<>();
    for (Class<?> c : persistentHierarchy()) {
      Access own = c.getAnnotation(Access.class);
      AccessType access = own == null ? inherited : own.value();
      if (access == AccessType.PROPERTY) {
        properties(c, access, attributes);
      } else {
        fields(c, access, attributes);
      }
    }
    return attributes;
  }

  private List<Class<?>> persistentHierarchy() {
    Deque<Class<?>> hierarchy = new ArrayDeque<>();
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      if (c.isAnnotationPresent(Entity.class)
          || c.isAnnotationPresent(MappedSuperclass.class)
          || c.isAnnotationPresent(Embeddable.class)) {
        hierarchy.addFirst(c);
      }
    }
    return List.copyOf(hierarchy);
  }

  /** By property if the id is annotated on a getter, by field otherwise. */
  private AccessType defaultAccess() {
    for (Class<?> c : persistentHierarchy()) {
      if (Arrays.stream(c.getDeclaredMethods())
          .anyMatch(
              m -> m.isAnnotationPresent(Id.class) || m.isAnnotationPresent(EmbeddedId.class))) {
        return AccessType.PROPERTY;
      }
    }
    return AccessType.FIELD;
  }

  private void fields(Class<?> c, AccessType access, List<Attribute> into) {
    for (Field field : c.getDeclaredFields()) {
      int modifiers = field.getModifiers();
      boolean woven =
          field.getName().startsWith("_persistence") || field.getName().startsWith("$$_");
      if (woven
          || field.isSynthetic()
          || Modifier.isStatic(modifiers)
          || Modifier.isTransient(modifiers)
          || field.isAnnotationPresent(Transient.class)) {
        continue;
      }
      add(field.getName(), field.getGenericType(), field, access, () -> Accessor.of(field), into);
    }
  }

  private void properties(Class<?> c, AccessType access, List<Attribute> into) {
    for (Method getter : c.getDeclaredMethods()) {
      String name = propertyName(getter);
      if (name == null || getter.isAnnotationPresent(Transient.class)) {
        continue;
      }
      Method setter;
      try {
        setter = c.getDeclaredMethod("set" + getterSuffix(getter), getter.getReturnType());
      } catch (NoSuchMethodException e) {
        continue; // Not persistent: property access needs both.
      }
      add(
          name,
          getter.getGenericReturnType(),
          getter,
          access,
          () -> Accessor.of(getter, setter),
          into);
    }
  }

  private List<Attribute> components() {
    List<Attribute> attributes = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      try {
        Field field = type.getDeclaredField(component.getName());
        add(
            component.getName(),
            component.getGenericType(),
            field,
            AccessType.FIELD,
            () -> Accessor.of(component.getAccessor(), null),
            attributes);
      } catch (NoSuchFieldException e) {
        throw new MappingException(type.getName() + " has no field " + component.getName());
      }
    }
    return attributes;
  }

  private void add(
      String name,
      Type generic,
      AnnotatedElement element,
      AccessType access,
      java.util.function.Supplier<Accessor> accessor,
      List<Attribute> into) {
    Class<?> java = Types.resolve(type, generic);
    boolean toOne =
        element.isAnnotationPresent(ManyToOne.class)
            || element.isAnnotationPresent(OneToOne.class)
            || java.isAnnotationPresent(Entity.class);
    if (toOne) {
      if (ownsColumn(element) && java.isAnnotationPresent(Entity.class)) {
        boolean lazy = isLazyReference(element);
        Traits traits = new Traits(isId(element), false, false, lazy, false);
        into.add(
            new Attribute(name, Kind.REFERENCE, java, traits, element, accessor.get(), List.of()));
      } else {
        associations.add(new Association(name, generic, element, accessor.get(), access));
      }
      return;
    }
    if (element.isAnnotationPresent(Embedded.class)
        || element.isAnnotationPresent(EmbeddedId.class)
        || java.isAnnotationPresent(Embeddable.class)) {
      if (!enclosing.contains(java)) {
        Set<Class<?>> deeper = new HashSet<>(enclosing);
        deeper.add(java);
        Traits traits = new Traits(isId(element), false, false, false, false);
        List<Attribute> parts = new ShapeReader(java, deeper).read(access);
        into.add(new Attribute(name, Kind.EMBEDDED, java, traits, element, accessor.get(), parts));
      }
      return;
    }
    if (isBasic(java, element)) {
      into.add(
          new Attribute(
              name, Kind.BASIC, java, traits(element), element, accessor.get(), List.of()));
    } else {
      associations.add(new Association(name, generic, element, accessor.get(), access));
    }
  }

  private static boolean isBasic(Class<?> java, AnnotatedElement element) {
    if (element.isAnnotationPresent(OneToMany.class)
        || element.isAnnotationPresent(ManyToMany.class)
        || element.isAnnotationPresent(ElementCollection.class)) {
      return false;
    }
    boolean several = Collection.class.isAssignableFrom(java) || Map.class.isAssignableFrom(java);
    return !several
        || element.isAnnotationPresent(Convert.class)
        || element.isAnnotationPresent(Basic.class);
  }

  private static Traits traits(AnnotatedElement element) {
    Basic basic = element.getAnnotation(Basic.class);
    boolean modified = false;
    for (Annotation annotation : element.getAnnotations()) {
      modified |= MODIFICATION_TIMES.contains(annotation.annotationType().getSimpleName());
    }
    return new Traits(
        isId(element),
        element.isAnnotationPresent(GeneratedValue.class),
        element.isAnnotationPresent(Version.class),
        basic != null && basic.fetch() == FetchType.LAZY,
        modified);
  }

  private static boolean isId(AnnotatedElement element) {
    return element.isAnnotationPresent(Id.class) || element.isAnnotationPresent(EmbeddedId.class);
  }

  /** The other side of a one-to-one lies in the other table. */
  private static boolean ownsColumn(AnnotatedElement element) {
    OneToOne oneToOne = element.getAnnotation(OneToOne.class);
    return oneToOne == null || oneToOne.mappedBy().isEmpty();
  }

  private static boolean isLazyReference(AnnotatedElement element) {
    ManyToOne manyToOne = element.getAnnotation(ManyToOne.class);
    OneToOne oneToOne = element.getAnnotation(OneToOne.class);
    return manyToOne != null && manyToOne.fetch() == FetchType.LAZY
        || oneToOne != null && oneToOne.fetch() == FetchType.LAZY;
  }

  private static String propertyName(Method method) {
    if (method.getParameterCount() != 0
        || method.isSynthetic()
        || Modifier.isStatic(method.getModifiers())
        || method.getReturnType() == void.class
        || method.getName().startsWith("_persistence")
        || method.getName().startsWith("$$_")) {
      return null;
    }
    String suffix = getterSuffix(method);
    return suffix == null || suffix.isEmpty() ? null : decapitalized(suffix);
  }

  /** JavaBeans' rule, without module java.desktop: {@code URL} stays. */
  private static String decapitalized(String suffix) {
    boolean acronym = suffix.length() > 1 && Character.isUpperCase(suffix.charAt(1));
    return acronym && Character.isUpperCase(suffix.charAt(0))
        ? suffix
        : Character.toLowerCase(suffix.charAt(0)) + suffix.substring(1);
  }

  private static String getterSuffix(Method method) {
    String name = method.getName();
    if (name.startsWith("get")) {
      return name.substring(3);
    }
    boolean flag = method.getReturnType() == boolean.class;
    return flag && name.startsWith("is") ? name.substring(2) : null;
  }
}
