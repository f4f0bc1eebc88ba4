package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.PublishedListener;
import io.drivetrain.entitysync.internal.mapping.Association;
import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import jakarta.persistence.AssociationOverride;
import jakarta.persistence.AssociationOverrides;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.AttributeOverrides;
import jakarta.persistence.Convert;
import jakarta.persistence.Converts;
import jakarta.persistence.DiscriminatorColumn;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Inheritance;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.PostRemove;
import jakarta.persistence.PostUpdate;
import jakarta.persistence.PrePersist;
import jakarta.persistence.PreRemove;
import jakarta.persistence.PreUpdate;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.SecondaryTables;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a provider does nothing with an entity but write its attributes to columns, as far as its
 * class tells: then writing the columns past the provider is the same. Stateless.
 */
final class PlainMapping {
  private static final List<Class<? extends Annotation>> ON_CLASS =
      List.of(
          SecondaryTable.class,
          SecondaryTables.class,
          Inheritance.class,
          DiscriminatorColumn.class,
          Convert.class,
          Converts.class,
          AttributeOverride.class,
          AttributeOverrides.class,
          AssociationOverride.class,
          AssociationOverrides.class);

  private static final List<Class<? extends Annotation>> CALLBACKS =
      List.of(
          PrePersist.class,
          PostPersist.class,
          PreUpdate.class,
          PostUpdate.class,
          PreRemove.class,
          PostRemove.class,
          PostLoad.class);

  /** Annotations of providers that change nothing about what is written. */
  private static final Set<String> HARMLESS = Set.of("Cache", "BatchSize", "DynamicUpdate");

  private PlainMapping() {}

  /** Why the entity's class forbids it; empty if it does not. */
  static Optional<String> obstacle(ConsumedEntity<?> entity) {
    return ofClass(entity.type())
        .or(
            () ->
                entity.shape().attributes().stream()
                    .flatMap(attribute -> of(attribute).stream())
                    .findFirst())
        .or(
            () ->
                entity.shape().associations().stream()
                    .filter(Association::isWrittenWithOwner)
                    .findFirst()
                    .map(association -> association.name() + " is in other rows or tables"));
  }

  private static Optional<String> ofClass(Class<?> type) {
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      Class<?> declaring = c;
      if (c != type && c.isAnnotationPresent(Entity.class)) {
        return Optional.of("it inherits from the entity " + c.getSimpleName());
      }
      Optional<String> found =
          ON_CLASS.stream()
              .filter(declaring::isAnnotationPresent)
              .findFirst()
              .map(a -> declaring.getSimpleName() + " has @" + a.getSimpleName())
              .or(() -> ofProvider(declaring.getSimpleName(), declaring.getAnnotations()))
              .or(() -> listens(declaring));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> listens(Class<?> type) {
    EntityListeners listeners = type.getDeclaredAnnotation(EntityListeners.class);
    if (listeners != null) {
      for (Class<?> listener : listeners.value()) {
        // Consumers publish nothing unless asked, and then they merge.
        if (listener != PublishedListener.class) {
          return Optional.of("it has the entity listener " + listener.getSimpleName());
        }
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (CALLBACKS.stream().anyMatch(method::isAnnotationPresent)) {
        return Optional.of("it has the lifecycle callback " + method.getName());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> of(Attribute attribute) {
    String name = attribute.name();
    if (attribute.isVersion()) {
      return Optional.of(name + " is @Version");
    }
    if (attribute.annotation(Convert.class) != null
        || attribute.annotation(Converts.class) != null) {
      return Optional.of(name + " has a converter");
    }
    if (attribute.kind() == Kind.EMBEDDED && !attribute.isId()) {
      return Optional.of(name + " is embedded");
    }
    if (attribute.isCompoundReference()) {
      return Optional.of(name + " has several columns");
    }
    GeneratedValue generated = attribute.annotation(GeneratedValue.class);
    if (generated != null && generated.strategy() != GenerationType.IDENTITY) {
      return Optional.of(name + " is generated by the provider");
    }
    return ofProvider(name, attribute.annotations().toArray(Annotation[]::new))
        .or(
            () ->
                attribute.components().stream()
                    .flatMap(component -> of(component).stream())
                    .findFirst());
  }

  private static Optional<String> ofProvider(String name, Annotation[] annotations) {
    return Arrays.stream(annotations)
        .map(Annotation::annotationType)
        .filter(PlainMapping::means)
        .findFirst()
        .map(type -> name + " has @" + type.getSimpleName());
  }

  private static boolean means(Class<? extends Annotation> annotation) {
    String name = annotation.getName();
    boolean provider =
        name.startsWith("org.hibernate.annotations.")
            || name.startsWith("org.eclipse.persistence.annotations.")
            || name.startsWith("org.eclipse.persistence.nosql.");
    // A provider checks constraints before it writes.
    return provider && !HARMLESS.contains(annotation.getSimpleName())
        || annotation.getPackageName().startsWith("jakarta.validation.")
        || Arrays.stream(annotation.getAnnotations())
            .anyMatch(
                meta -> meta.annotationType().getName().equals("jakarta.validation.Constraint"));
  }
}
