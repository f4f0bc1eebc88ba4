package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.EntityConsumer;
import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.Coercion;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.entitysync.internal.mapping.MappingException;
import io.drivetrain.entitysync.internal.mapping.Types;

/**
 * The entity that a consumer class keeps. Immutable.
 *
 * @param type the entity class
 * @param shape its attributes
 * @param id its id attribute
 */
public record ConsumedEntity<E>(Class<E> type, EntityShape shape, Attribute id) {

  /**
   * Reads the entity from a consumer's type parameter.
   *
   * @throws MappingException if it cannot be kept, with what to change
   */
  @SuppressWarnings("unchecked") // The type parameter of the consumer that asks is E.
  public static <E> ConsumedEntity<E> of(Class<?> consumer) {
    Class<?> type =
        Types.argument(consumer, EntityConsumer.class, 0)
            .filter(found -> found != Object.class)
            .orElseThrow(
                () ->
                    new MappingException(
                        consumer.getName()
                            + " does not say its entity; expected extends EntityConsumer<Customer>,"
                            + " for example"));
    EntityShape shape = EntityShape.of(type);
    Attribute id =
        shape
            .simpleId()
            .filter(attribute -> Coercion.isKeyType(attribute.type()))
            .orElseThrow(
                () ->
                    new MappingException(
                        consumer.getName()
                            + " cannot find "
                            + shape.name()
                            + " by a record key; expected one id attribute that is text, a number,"
                            + " a UUID or an enum"));
    if (id.isGenerated()) {
      throw new MappingException(
          consumer.getName()
              + " gives "
              + shape.name()
              + " the record key as its id, but "
              + id.name()
              + " is @GeneratedValue; remove that annotation");
    }
    return new ConsumedEntity<>((Class<E>) type, shape, id);
  }

  /** {@link #of} at deployment. */
  public static void check(Class<?> consumer) {
    of(consumer);
  }
}
