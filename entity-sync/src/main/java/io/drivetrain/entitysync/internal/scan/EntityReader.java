package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.mapping.EntityShape;
import jakarta.persistence.CacheRetrieveMode;
import jakarta.persistence.CacheStoreMode;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Query;
import jakarta.persistence.TypedQuery;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an entity's rows in the order of a key, in two steps: the keys, then the entities up to the
 * last of them, locked. In one step an entity that changes meanwhile could be returned with a key
 * beyond the others, and the position would pass over what lies between. Immutable.
 *
 * @param type the entity class
 * @param order by what
 * @param condition JPQL on the alias {@code e}, null for none
 */
record EntityReader(Class<?> type, KeyOrder order, String condition) {

  /** What else has to hold, with its parameters. */
  record Limit(String condition, Map<String, Object> parameters) {
    static final Limit NONE = new Limit(null, Map.of());
  }

  /** By id. */
  static EntityReader byId(Class<?> type, String condition) {
    return new EntityReader(type, new KeyOrder(KeyPath.ofId(EntityShape.of(type))), condition);
  }

  /** The entity's name in JPQL. */
  static String name(Class<?> type) {
    Entity entity = type.getAnnotation(Entity.class);
    return entity == null || entity.name().isEmpty() ? type.getSimpleName() : entity.name();
  }

  /**
   * The key of the last of the next entities, null if there is none.
   *
   * @param after behind which key, null for the beginning
   */
  List<Object> lastKey(EntityManager entities, List<Object> after, Limit limit, int rows) {
    Map<String, Object> parameters = new HashMap<>(limit.parameters());
    String where = where(after, null, limit, parameters);
    Query query =
        entities.createQuery(
            "select " + order.select() + from() + where + " order by " + order.select());
    parameters.forEach(query::setParameter);
    List<?> keys = query.setMaxResults(rows).getResultList();
    return keys.isEmpty() ? null : order.key(keys.get(keys.size() - 1));
  }

  /**
   * The entities behind a key up to another, as the database has them now, locked.
   *
   * @param wait whether to wait for locks; if not, one that is taken is an error
   */
  List<?> locked(
      EntityManager entities, List<Object> after, List<Object> upTo, Limit limit, boolean wait) {
    Map<String, Object> parameters = new HashMap<>(limit.parameters());
    String where = where(after, upTo, limit, parameters);
    return lock(entities, where + " order by " + order.select(), parameters, wait);
  }

  /** The entities with these keys, locked. */
  List<?> locked(EntityManager entities, List<List<Object>> keys, boolean wait) {
    Map<String, Object> parameters = new HashMap<>();
    String where;
    if (order.paths().size() == 1) {
      where = " where " + order.select() + " in :keys";
      parameters.put("keys", keys.stream().map(key -> key.get(0)).toList());
    } else {
      StringBuilder any = new StringBuilder();
      for (int i = 0; i < keys.size(); i++) {
        any.append(i == 0 ? "" : " or ").append(order.is(i, keys.get(i), parameters));
      }
      where = " where " + any;
    }
    return lock(entities, where + " order by " + order.select(), parameters, wait);
  }

  /** How many there are. */
  long count(EntityManager entities) {
    return entities
        .createQuery(
            "select count(e)" + from() + where(null, null, Limit.NONE, Map.of()), Long.class)
        .getSingleResult();
  }

  private List<?> lock(
      EntityManager entities, String where, Map<String, Object> parameters, boolean wait) {
    TypedQuery<?> query = entities.createQuery("select e" + from() + where, type);
    boolean classByClass = isReadClassByClass(entities);
    if (classByClass) {
      query.setHint("eclipselink.inheritance.outer-join", "false");
    }
    lock(query, wait);
    parameters.forEach(query::setParameter);
    query.setHint("jakarta.persistence.cache.retrieveMode", CacheRetrieveMode.BYPASS);
    query.setHint("jakarta.persistence.cache.storeMode", CacheStoreMode.REFRESH);
    List<?> read = query.getResultList();
    return classByClass ? inOrder(entities, where, parameters, read) : read;
  }

  /** The locked ones in the order of their keys, which nobody changes meanwhile. */
  private List<?> inOrder(
      EntityManager entities, String where, Map<String, Object> parameters, List<?> read) {
    Query query = entities.createQuery("select " + order.select() + from() + where);
    parameters.forEach(query::setParameter);
    EntityShape shape = EntityShape.of(type);
    int parts = KeyPath.ofId(shape).size();
    Map<List<Object>, Integer> places = new HashMap<>();
    for (Object row : query.getResultList()) {
      List<Object> key = order.key(row);
      places.put(key.subList(key.size() - parts, key.size()), places.size());
    }
    return read.stream()
        .sorted(
            Comparator.comparing(
                entity ->
                    places.getOrDefault(
                        KeyPath.valuesOf(shape, shape.idOf(entity)), Integer.MAX_VALUE)))
        .toList();
  }

  private static Query lock(Query query, boolean wait) {
    query.setLockMode(LockModeType.PESSIMISTIC_WRITE);
    return wait ? query : query.setHint("jakarta.persistence.lock.timeout", 0);
  }

  /**
   * EclipseLink, known by name only, joins the tables of children by outer joins and asks for a
   * lock on all of them, which PostgreSQL refuses. Told not to, it reads a class after the other.
   */
  private boolean isReadClassByClass(EntityManager entities) {
    return isJoined()
        && entities.getDelegate().getClass().getName().startsWith("org.eclipse.persistence.");
  }

  private boolean isJoined() {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      Inheritance inheritance = c.getDeclaredAnnotation(Inheritance.class);
      if (inheritance != null) {
        return inheritance.strategy() == InheritanceType.JOINED;
      }
    }
    return false;
  }

  private String from() {
    return " from " + name(type) + " e";
  }

  private String where(
      List<Object> after, List<Object> upTo, Limit limit, Map<String, Object> parameters) {
    StringBuilder where = new StringBuilder();
    if (after != null) {
      and(where, order.after(after, parameters));
    }
    if (upTo != null) {
      and(where, order.upTo(upTo, parameters));
    }
    and(where, limit.condition());
    and(where, condition);
    return where.toString();
  }

  private static void and(StringBuilder where, String condition) {
    if (condition != null) {
      where.append(where.isEmpty() ? " where (" : " and (").append(condition).append(')');
    }
  }
}
