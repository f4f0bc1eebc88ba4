package io.drivetrain.entitysync;

import io.drivetrain.entitysync.Published.Change;
import jakarta.persistence.EntityManager;
import java.util.Map;

/**
 * Decides what a {@link Published} entity's changes are published as. A CDI bean, named by {@link
 * Published#publisher}; one instance is asked for the whole application, by any thread at once, so
 * it must be thread-safe: make it {@code @ApplicationScoped}.
 *
 * <p>It is called inside the flush, at every change; the last answer of a transaction counts. It
 * must not use the entity manager. Two ways to refuse: {@link #publishes} false drops the event and
 * lets the transaction commit, an exception from any method fails the transaction.
 *
 * @param <E> the entity
 */
public interface EntityPublisher<E> {

  /**
   * Whether a change is published. What is refused leaves consumers with what they had; only the
   * record of a key that the entity has left is deleted all the same.
   */
  default boolean publishes(E entity, Change change) {
    return true;
  }

  /**
   * The record key, from the value of the key attribute; with several, from a map of their plain
   * values by name. It depends on nothing else, so that the key of an entity as it was is known
   * too.
   */
  default Object key(Object key) {
    return key;
  }

  /**
   * The payload of a new or changed entity: the map, changed or not, or any object that the topic's
   * codec takes.
   *
   * @param attributes the plain values of the published attributes by name; a new map at each call
   * @return null for a tombstone, for example of an entity that is only marked as deleted
   */
  default Object payload(E entity, Map<String, Object> attributes) {
    return attributes;
  }

  /** Headers of each record of this change, UTF-8. */
  default Map<String, String> headers(E entity, Change change) {
    return Map.of();
  }

  /**
   * The payload of an event that is sent before the record of a deletion, with the same key.
   *
   * @return null for no such event
   */
  default Object deletionEvent(E entity) {
    return null;
  }

  /**
   * The payload of the record of a deletion.
   *
   * @return null for a tombstone
   */
  default Object deletionPayload(E entity) {
    return null;
  }

  /**
   * The entity manager that {@code EntityEvents.published} and backfills read the entity with.
   *
   * @return null for the application's {@code EntityManager} bean, else its only unit's; with
   *     several units one injected with {@code @PersistenceContext}
   */
  default EntityManager entityManager() {
    return null;
  }
}
