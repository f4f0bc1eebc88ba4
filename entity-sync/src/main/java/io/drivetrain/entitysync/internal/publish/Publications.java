package io.drivetrain.entitysync.internal.publish;

import io.drivetrain.entitysync.EntityPublisher;
import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.schema.settings.Settings;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What each entity class publishes. Classes are read when first met, so an entity that deployment
 * did not see is checked at its first event. Thread-safe.
 */
public final class Publications {
  private final Settings settings;
  private final Function<Class<?>, EntityPublisher<?>> beans;
  private final Map<Class<?>, List<Publication>> byClass = new ConcurrentHashMap<>();

  /** Written while deploying, then read by any thread. */
  private final Set<Class<?>> deployed = ConcurrentHashMap.newKeySet();

  /**
   * Publications as annotated, with what these settings override.
   *
   * @param beans gives the application's publishers, when the first event needs them
   */
  public Publications(Settings settings, Function<Class<?>, EntityPublisher<?>> beans) {
    this.settings = settings;
    this.beans = beans;
  }

  /**
   * What an entity's class publishes; nothing if it is not {@code @Published}.
   *
   * @throws IllegalArgumentException if it is published in a way that cannot work
   */
  List<Publication> of(Class<?> type) {
    // Not computeIfAbsent: reading a class may read others.
    List<Publication> known = byClass.get(type);
    if (known == null) {
      known = read(type);
      byClass.put(type, known);
    }
    return known;
  }

  /**
   * Checks a published class at deployment.
   *
   * @throws IllegalArgumentException with what to change
   */
  public void check(Class<?> type) {
    deployed.add(type);
    if (!Modifier.isAbstract(type.getModifiers())) {
      of(type);
    }
  }

  /** The classes that deployment has found. */
  Set<Class<?>> deployed() {
    return Set.copyOf(deployed);
  }

  private List<Publication> read(Class<?> type) {
    Optional<Class<?>> declaring = declaring(type);
    if (declaring.isEmpty()) {
      return List.of();
    }
    Published[] annotations = declaring.get().getDeclaredAnnotationsByType(Published.class);
    EntityShape shape = EntityShape.of(entityClass(type));
    PublicationReader reader = new PublicationReader(shape, declaring.get(), settings, beans);
    List<Publication> publications = new ArrayList<>();
    for (Published annotation : annotations) {
      reader.read(annotation, annotations.length == 1).ifPresent(publications::add);
    }
    return List.copyOf(publications);
  }

  /** The nearest class that says what is published; a subclass replaces what its parent says. */
  public static Optional<Class<?>> declaring(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      if (c.getDeclaredAnnotationsByType(Published.class).length > 0) {
        return Optional.of(c);
      }
    }
    return Optional.empty();
  }

  /** A provider may hand over an instance of a subclass that it generated. */
  private static Class<?> entityClass(Class<?> type) {
    Class<?> c = type;
    while (!c.isAnnotationPresent(jakarta.persistence.Entity.class)
        && c.getSuperclass() != Object.class
        && c.getSuperclass() != null) {
      c = c.getSuperclass();
    }
    return c;
  }
}
