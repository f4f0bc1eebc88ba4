package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.entitysync.internal.publish.Publisher;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Publishes entities by their ids, on the caller's thread and in its transaction. Thread-safe.
 *
 * <p>They are read in a persistence context of its own that joins the transaction: what the
 * caller's holds is not what a bulk statement has written.
 */
public final class BulkPublishing {
  /** Below what one statement takes as parameters. */
  private static final int IDS_OF_A_QUERY = 10_000;

  private static final int COMPOUND_IDS_OF_A_QUERY = 500;

  private final Supplier<Publisher> publisher;
  private final Function<Class<?>, EntityManager> entityManagers;

  /**
   * @param publisher the application's
   * @param entityManagers by entity class, joining the caller's transaction
   */
  public BulkPublishing(
      Supplier<Publisher> publisher, Function<Class<?>, EntityManager> entityManagers) {
    this.publisher = publisher;
    this.entityManagers = entityManagers;
  }

  /** Publishes the present state of entities; returns how many of them there are. */
  public int published(Class<?> type, Collection<?> ids) {
    publisher.get().requirePublished(type);
    EntityManager callers = entityManagers.apply(type);
    callers.flush();
    EntityShape shape = EntityShape.of(type);
    EntityReader reader = EntityReader.byId(type, null);
    EntityManagerFactory factory = callers.getEntityManagerFactory();
    int size = reader.order().paths().size() == 1 ? IDS_OF_A_QUERY : COMPOUND_IDS_OF_A_QUERY;
    int found = 0;
    for (List<List<Object>> keys : chunks(shape, ids, size)) {
      EntityManager own = factory.createEntityManager();
      try {
        List<?> entities = reader.locked(own, keys, true);
        entities.forEach(entity -> publisher.get().published(entity));
        found += entities.size();
      } finally {
        own.close();
      }
    }
    return found;
  }

  private static List<List<List<Object>>> chunks(EntityShape shape, Collection<?> ids, int size) {
    List<List<List<Object>>> chunks = new ArrayList<>();
    List<List<Object>> chunk = new ArrayList<>();
    for (Object id : ids) {
      chunk.add(KeyPath.valuesOf(shape, id));
      if (chunk.size() == size) {
        chunks.add(chunk);
        chunk = new ArrayList<>();
      }
    }
    if (!chunk.isEmpty()) {
      chunks.add(chunk);
    }
    return chunks;
  }
}
