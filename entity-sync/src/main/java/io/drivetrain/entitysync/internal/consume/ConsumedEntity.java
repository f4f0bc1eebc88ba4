package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.EntityConsumer;
import io.drivetrain.entitysync.VersionGuard;
import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.entitysync.internal.mapping.KeyShape;
import io.drivetrain.entitysync.internal.mapping.MappingException;
import io.drivetrain.entitysync.internal.mapping.Types;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The entity that a consumer keeps. Immutable.
 *
 * @param type the entity class
 * @param shape its attributes
 * @param key the attributes by which records name it; empty if the consumer does all of that itself
 * @param version the attribute that keeps how new a row is, if there is a guard
 */
public record ConsumedEntity<E>(
    Class<E> type, EntityShape shape, Optional<KeyShape> key, Optional<Attribute> version) {
  private static final Set<Class<?>> WHOLE =
      Set.of(long.class, Long.class, int.class, Integer.class, short.class, Short.class);

  /**
   * Reads the entity of a consumer.
   *
   * @throws MappingException if it cannot be kept, with what to change
   */
  public static <E> ConsumedEntity<E> of(Class<?> consumer, Hooks<E> hooks) {
    Class<E> type = type(consumer);
    EntityShape shape = EntityShape.of(type);
    Optional<KeyShape> key = key(consumer, shape, hooks.keyAttributes());
    Collected.check(shape, hooks.collections());
    hooks.references().forEach((name, attribute) -> reference(shape, name, attribute));
    return new ConsumedEntity<>(type, shape, key, version(shape, hooks.guard()));
  }

  /** What can be told at deployment, from the class alone. */
  public static void check(Class<?> consumer) {
    EntityShape shape = EntityShape.of(type(consumer));
    if (!overridden(consumer).contains("keyAttributes")) {
      key(consumer, shape, List.of());
    }
  }

  /** The names of the consumer's hooks that are not {@link EntityConsumer}'s own. */
  public static List<String> overridden(Class<?> consumer) {
    List<String> names = new ArrayList<>();
    for (Class<?> c = consumer; c != null && c != EntityConsumer.class; c = c.getSuperclass()) {
      // A container's proxies override everything.
      if (!c.getName().contains("$$")) {
        for (Method method : c.getDeclaredMethods()) {
          if (!method.isSynthetic()) {
            names.add(method.getName());
          }
        }
      }
    }
    return names;
  }

  @SuppressWarnings("unchecked") // The type parameter of the consumer that asks is E.
  private static <E> Class<E> type(Class<?> consumer) {
    return (Class<E>)
        Types.argument(consumer, EntityConsumer.class, 0)
            .filter(found -> found != Object.class)
            .orElseThrow(
                () ->
                    new MappingException(
                        consumer.getName()
                            + " does not say its entity; expected extends EntityConsumer<Customer>,"
                            + " for example"));
  }

  private static Optional<KeyShape> key(
      Class<?> consumer, EntityShape shape, List<String> attributes) {
    if (overridden(consumer).containsAll(List.of("find", "assignKey"))) {
      return Optional.empty();
    }
    KeyShape key;
    try {
      key = KeyShape.of(shape, attributes);
    } catch (MappingException e) {
      throw new MappingException(
          consumer.getName() + " cannot use its record keys: " + e.getMessage());
    }
    for (KeyShape.Part part : key.parts()) {
      if (part.component().isGenerated()) {
        throw new MappingException(
            consumer.getName()
                + " gives "
                + shape.name()
                + " the record key as its id, but "
                + part.name()
                + " is @GeneratedValue; remove that annotation, or override keyAttributes()"
                + " to name the attributes that records are keyed by");
      }
    }
    return Optional.of(key);
  }

  private static Optional<Attribute> version(EntityShape shape, VersionGuard guard) {
    return guard
        .attribute()
        .map(
            name -> {
              Attribute attribute = shape.require(name, "version of a guard");
              if (!WHOLE.contains(attribute.type()) || attribute.isVersion()) {
                throw new MappingException(
                    shape.name()
                        + "."
                        + name
                        + " cannot keep the version of records; expected a whole number that is not"
                        + " @Version, such as a long");
              }
              return attribute;
            });
  }

  private static void reference(EntityShape shape, String name, String attribute) {
    Attribute reference = shape.require(name, "reference of a consumer");
    if (reference.kind() != Attribute.Kind.REFERENCE) {
      throw new MappingException(
          shape.name() + "." + name + " is no to-one association; references() names one");
    }
    EntityShape.of(reference.type()).require(attribute, "key of a reference");
  }

  /** Its name in messages and settings. */
  public String name() {
    return shape.name();
  }
}
