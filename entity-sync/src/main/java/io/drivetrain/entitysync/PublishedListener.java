package io.drivetrain.entitysync;

import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.publish.Publishers;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.PostRemove;
import jakarta.persistence.PostUpdate;
import jakarta.persistence.PreRemove;

/**
 * The JPA entity listener of {@link Published} entities; name it in {@code @EntityListeners} on the
 * entity or a mapped superclass, or as a default listener in the application's own {@code
 * META-INF/orm.xml}. It ignores entities that are not published. Thread-safe, without injection: a
 * provider may create it before CDI is up.
 *
 * <p>A change that cannot be published, for example outside a JTA transaction, throws and so fails
 * the flush: an entity never changes without its event.
 */
public class PublishedListener {

  /** For the persistence provider. */
  public PublishedListener() {}

  /** Remembers the watched values. */
  @PostLoad
  public void loaded(Object entity) {
    Publisher publisher = Publishers.findOrNull();
    // Before deployment has finished there is nothing to remember them in: unknown old values only
    // mean that an update is published without looking.
    if (publisher != null && !ProviderEvents.areHandling(entity)) {
      publisher.loaded(entity);
    }
  }

  /** Captures a new entity. */
  @PostPersist
  public void created(Object entity) {
    if (!ProviderEvents.areHandling(entity)) {
      Publishers.find(entity).created(entity, EntityEvents.areOff(entity.getClass()));
    }
  }

  /** Captures an update. */
  @PostUpdate
  public void updated(Object entity) {
    if (!ProviderEvents.areHandling(entity)) {
      Publishers.find(entity).updated(entity, EntityEvents.areOff(entity.getClass()));
    }
  }

  /** Captures identity and key while they are sure to be there. */
  @PreRemove
  public void deleting(Object entity) {
    if (!ProviderEvents.areHandling(entity)) {
      Publishers.find(entity).deleting(entity);
    }
  }

  /** Captures a deletion. */
  @PostRemove
  public void deleted(Object entity) {
    if (!ProviderEvents.areHandling(entity)) {
      Publishers.find(entity).deleted(entity, EntityEvents.areOff(entity.getClass()));
    }
  }
}
