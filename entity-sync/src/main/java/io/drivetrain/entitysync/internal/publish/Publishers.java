package io.drivetrain.entitysync.internal.publish;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the publisher of the application that the calling thread runs in. Entity listeners cannot
 * rely on injection: a provider may create them before CDI is up, and then they stay without it for
 * ever. Thread-safe.
 */
public final class Publishers {

  /**
   * By class loader, for a library shared by several applications. Entries are removed when their
   * application stops, so no application is held.
   */
  private static final Map<ClassLoader, Publisher> BY_LOADER = new ConcurrentHashMap<>();

  private Publishers() {}

  /** Makes a publisher known to the application of the calling thread. */
  public static void register(Publisher publisher) {
    BY_LOADER.put(loader(), publisher);
  }

  /** Forgets a publisher, on whichever thread. */
  public static void unregister(Publisher publisher) {
    BY_LOADER.values().remove(publisher);
  }

  /**
   * The publisher for an entity.
   *
   * @throws IllegalStateException if the application has none, so that no change goes unpublished
   */
  public static Publisher find(Object entity) {
    Publisher publisher = findOrNull();
    if (publisher == null) {
      publisher = up(entity.getClass().getClassLoader());
    }
    if (publisher == null) {
      publisher = fromCdi();
    }
    if (publisher == null) {
      throw new IllegalStateException(
          entity.getClass().getName()
              + " changed before entity sync was deployed, or outside its application;"
              + " expected drivetrain-entity-sync's CDI extension to have run");
    }
    return publisher;
  }

  /** The publisher of the calling thread's application, null if it has none yet. */
  public static Publisher findOrNull() {
    return up(loader());
  }

  /** A library's or module's loader has the application's as a parent, or the other way round. */
  private static Publisher up(ClassLoader start) {
    for (ClassLoader loader = start; loader != null; loader = loader.getParent()) {
      Publisher publisher = BY_LOADER.get(loader);
      if (publisher != null) {
        return publisher;
      }
    }
    return null;
  }

  private static Publisher fromCdi() {
    try {
      Instance<Publisher> instance = CDI.current().select(Publisher.class);
      return instance.isResolvable() ? instance.get() : null;
    } catch (IllegalStateException e) {
      return null; // No CDI here.
    }
  }

  private static ClassLoader loader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context != null ? context : Publishers.class.getClassLoader();
  }
}
