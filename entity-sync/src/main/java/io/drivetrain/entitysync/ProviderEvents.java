package io.drivetrain.entitysync;

import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.publish.Publishers;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What an add-on reports that hears a persistence provider's own events, such as {@code
 * drivetrain-hibernate}; applications do not call it. From a report until {@link #done}, a {@link
 * PublishedListener} of the same entity on the calling thread is silent, so that an add-on may be
 * used beside listeners. Entities that are not {@link Published} are ignored.
 */
public final class ProviderEvents {
  /** The entity whose change is being reported. */
  private static final ThreadLocal<Object> HANDLED = new ThreadLocal<>();

  private ProviderEvents() {}

  /** An entity's state is as in the database. */
  public static void loaded(Object entity) {
    report(
        entity,
        () -> {
          Publisher publisher = Publishers.findOrNull();
          if (publisher != null) {
            publisher.loaded(entity);
          }
        });
  }

  /** An entity was or is about to be inserted. */
  public static void created(Object entity) {
    report(entity, publisher -> publisher.created(entity, areOff(entity)));
  }

  /**
   * An entity was or is about to be updated.
   *
   * @param changed names of the attributes that changed, null if the provider does not know
   */
  public static void updated(Object entity, Set<String> changed) {
    report(entity, publisher -> publisher.updated(entity, changed, areOff(entity)));
  }

  /** An entity will be deleted; it still has its id. */
  public static void deleting(Object entity) {
    report(entity, publisher -> publisher.deleting(entity));
  }

  /** An entity was or is about to be deleted. */
  public static void deleted(Object entity) {
    report(entity, publisher -> publisher.deleted(entity, areOff(entity)));
  }

  /** The provider has called whatever listens to this change. */
  public static void done() {
    HANDLED.remove();
  }

  static boolean areHandling(Object entity) {
    return HANDLED.get() == entity;
  }

  private static void report(Object entity, Consumer<Publisher> change) {
    report(
        entity,
        () -> {
          if (Publisher.isPublished(entity.getClass())) {
            change.accept(Publishers.find(entity));
          }
        });
  }

  private static void report(Object entity, Runnable change) {
    HANDLED.set(entity);
    try {
      change.run();
    } catch (RuntimeException e) {
      done(); // The provider calls nobody else, and the thread would hold the entity.
      throw e;
    }
  }

  private static boolean areOff(Object entity) {
    return EntityEvents.areOff(entity.getClass());
  }
}
