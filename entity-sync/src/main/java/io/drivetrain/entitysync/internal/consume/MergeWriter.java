package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.EntityKey;
import io.drivetrain.entitysync.internal.mapping.Assignment;
import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.entitysync.internal.mapping.KeyShape;
import jakarta.persistence.CacheRetrieveMode;
import jakarta.persistence.CacheStoreMode;
import jakarta.persistence.EntityManager;
import jakarta.persistence.NonUniqueResultException;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.TypedQuery;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.CriteriaQuery;
import jakarta.persistence.criteria.Path;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds, changes and flushes entities through the persistence provider, which calls callbacks,
 * converters and all else it knows of the mapping. Stateless.
 */
final class MergeWriter<E> implements EntityWriter<E> {
  /** Keys in one query; databases limit a statement's parameters. */
  private static final int FIND_AT_ONCE = 500;

  /** Compound keys in one query: each is several parameters and a term of its own. */
  private static final int COMPOUND_AT_ONCE = 100;

  /**
   * Looks at the database and renews what a shared cache holds: rows that another node wrote since
   * would otherwise seem to have the wanted values already, and not be written.
   */
  private static final Map<String, Object> FROM_DATABASE =
      Map.of(
          "jakarta.persistence.cache.retrieveMode", CacheRetrieveMode.BYPASS,
          "jakarta.persistence.cache.storeMode", CacheStoreMode.REFRESH);

  private final ConsumedEntity<E> entity;
  private final Hooks<E> hooks;
  private final Tombstones tombstones;
  private final boolean findsItself;

  MergeWriter(ConsumedEntity<E> entity, Hooks<E> hooks, Tombstones tombstones) {
    this.entity = entity;
    this.hooks = hooks;
    this.tombstones = tombstones;
    this.findsItself = hooks.overridden().contains("find");
  }

  @Override
  public void write(EntityManager entities, List<Change> changes) {
    // In the caller's own transaction: what it changed must not be read over.
    entities.flush();
    Map<EntityKey, E> present =
        findsItself
            ? Map.of()
            : find(entities, changes.stream().map(Change::key).distinct().toList());
    Map<EntityKey, Long> removed =
        entity.version().isPresent() ? tombstones.versions(entities, changes) : Map.of();
    References references = new References(entities, hooks);
    for (Change change : changes) {
      try {
        apply(entities, change, present, removed, references);
      } catch (RuntimeException e) {
        // A query or flush in between may have met what another change left to be written.
        if (e instanceof PersistenceException || Failures.isTransient(e)) {
          throw e;
        }
        throw new RecordFailure(change.index(), e);
      }
    }
    if (entity.version().isPresent()) {
      tombstones.store(entities, changes);
    }
    entities.flush();
  }

  private void apply(
      EntityManager entities,
      Change change,
      Map<EntityKey, E> present,
      Map<EntityKey, Long> removed,
      References references) {
    E found =
        findsItself
            ? hooks.find(entities, change.key(), change.payload())
            : present.get(change.key());
    if (isOld(change, found, removed)) {
      return;
    }
    if (change.removes()) {
      if (found != null) {
        remove(entities, change, found);
      }
      return;
    }
    E target = found == null ? create(change, references) : found;
    Assignment.assign(entity.shape(), target, change.payload(), references);
    if (found == null) {
      entities.persist(target);
    }
    Collected.assign(
        entities, entity.shape(), target, change.payload(), hooks.collections(), references);
  }

  private boolean isOld(Change change, E found, Map<EntityKey, Long> removed) {
    if (change.version().isEmpty() || entity.version().isEmpty()) {
      return false;
    }
    long version = change.version().getAsLong();
    if (found != null) {
      Object stored = entity.version().get().get(found);
      return stored instanceof Number number && version < number.longValue();
    }
    Long gone = removed.get(change.key());
    return gone != null && version <= gone;
  }

  private void remove(EntityManager entities, Change change, E found) {
    // Where it only marks the row, the row tells how new the mark is.
    if (change.version().isPresent() && hooks.overridden().contains("remove")) {
      Assignment.assign(
          entity.shape(),
          found,
          Map.of(entity.version().get().name(), change.version().getAsLong()),
          (attribute, value) -> value);
    }
    Collected.remove(entities, entity.shape(), found, hooks.collections());
    hooks.remove(entities, found);
  }

  private E create(Change change, References references) {
    E created = entity.type().cast(entity.shape().newInstance());
    if (hooks.overridden().contains("assignKey")) {
      hooks.assignKey(created, change.key(), change.payload());
    } else {
      entity.key().orElseThrow().assign(created, change.key().values(), references);
    }
    return created;
  }

  Map<EntityKey, E> find(EntityManager entities, List<EntityKey> keys) {
    KeyShape key =
        entity
            .key()
            .orElseThrow(() -> new IllegalStateException(entity.name() + ": no key to find it by"));
    Map<EntityKey, E> found = new HashMap<>();
    if (keys.size() == 1 && key.isSingle() && key.isId()) {
      E only = entities.find(entity.type(), keys.get(0).values().get(0), FROM_DATABASE);
      if (only != null) {
        found.put(keys.get(0), only);
      }
      return found;
    }
    int atOnce = key.parts().size() == 1 ? FIND_AT_ONCE : COMPOUND_AT_ONCE;
    for (int i = 0; i < keys.size(); i += atOnce) {
      List<EntityKey> some = keys.subList(i, Math.min(keys.size(), i + atOnce));
      for (E present : query(entities, key, some)) {
        EntityKey its = new EntityKey("", key.byName(key.of(present)));
        if (found.put(its, present) != null) {
          throw new NonUniqueResultException(
              "several rows of " + entity.name() + " have the key " + its);
        }
      }
    }
    return found;
  }

  private List<E> query(EntityManager entities, KeyShape key, List<EntityKey> keys) {
    CriteriaBuilder builder = entities.getCriteriaBuilder();
    CriteriaQuery<E> query = builder.createQuery(entity.type());
    Root<E> root = query.from(entity.type());
    List<Path<Object>> paths = key.parts().stream().map(part -> path(root, part)).toList();
    Predicate where;
    if (paths.size() == 1) {
      where = paths.get(0).in(keys.stream().map(k -> k.values().get(0)).toList());
    } else {
      List<Predicate> each = new ArrayList<>();
      for (EntityKey one : keys) {
        List<Predicate> parts = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
          parts.add(builder.equal(paths.get(i), one.values().get(i)));
        }
        each.add(builder.and(parts.toArray(Predicate[]::new)));
      }
      where = builder.or(each.toArray(Predicate[]::new));
    }
    query.select(root).where(where);
    TypedQuery<E> fromDatabase = entities.createQuery(query);
    FROM_DATABASE.forEach(fromDatabase::setHint);
    return fromDatabase.getResultList();
  }

  private static Path<Object> path(Path<?> root, KeyShape.Part part) {
    Path<Object> path =
        part.owner() == part.component()
            ? root.get(part.name())
            : root.get(part.owner().name()).get(part.name());
    return part.component().kind() == Kind.REFERENCE
        ? path.get(EntityShape.of(part.component().type()).ids().get(0).name())
        : path;
  }
}
