package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.EntityKey;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How new the tombstones of removed entities were, so that an older record does not bring them
 * back. Only with a guard. Stateless; all of it happens in the running transaction.
 */
final class Tombstones {
  private final String table;
  private final String entity;

  /**
   * Of one entity.
   *
   * @param schema of Drivetrain's tables
   */
  Tombstones(String schema, Class<?> entity) {
    this.table = schema + ".entity_tombstone";
    this.entity = entity.getName();
  }

  /** The versions of those of these keys that were removed. */
  Map<EntityKey, Long> versions(EntityManager entities, List<Change> changes) {
    Map<String, EntityKey> keys = new HashMap<>();
    ArrayLiteral literal = new ArrayLiteral();
    for (Change change : changes) {
      keys.put(text(change.key()), change.key());
      literal.text(text(change.key()));
    }
    List<?> rows =
        entities
            .createNativeQuery(
                "select key, version from "
                    + table
                    + " where entity = ?1 and key = any (cast(?2 as text[]))")
            .setParameter(1, entity)
            .setParameter(2, literal.end())
            .getResultList();
    Map<EntityKey, Long> versions = new HashMap<>();
    for (Object row : rows) {
      Object[] cells = (Object[]) row;
      versions.put(keys.get((String) cells[0]), ((Number) cells[1]).longValue());
    }
    return versions;
  }

  /** Remembers those of the changes that remove. */
  void store(EntityManager entities, List<Change> changes) {
    Arrays arrays = new Arrays(changes);
    if (!arrays.isEmpty) {
      entities
          .createNativeQuery(sql("?1", "?2", "?3"))
          .setParameter(1, entity)
          .setParameter(2, arrays.keys.end())
          .setParameter(3, arrays.versions.end())
          .executeUpdate();
    }
  }

  /** The same by JDBC. */
  void store(Connection connection, List<Change> changes) throws SQLException {
    Arrays arrays = new Arrays(changes);
    if (!arrays.isEmpty) {
      try (PreparedStatement statement = connection.prepareStatement(sql("?", "?", "?"))) {
        statement.setString(1, entity);
        statement.setString(2, arrays.keys.end());
        statement.setString(3, arrays.versions.end());
        statement.executeUpdate();
      }
    }
  }

  private String sql(String entityName, String keys, String versions) {
    return "insert into "
        + table
        + " as t (entity, key, version) select "
        + entityName
        + ", k, v from unnest(cast("
        + keys
        + " as text[]), cast("
        + versions
        + " as bigint[])) as s(k, v) on conflict (entity, key) do update"
        + " set version = excluded.version, removed_at = excluded.removed_at"
        + " where t.version < excluded.version";
  }

  /**
   * A condition on rows {@code s} with their key in {@code drivetrain_key} and their version in
   * {@code drivetrain_version}: no tombstone is as new. Takes one parameter, {@link #entity()}.
   */
  String newerThanTombstone() {
    return "not exists (select 1 from "
        + table
        + " d where d.entity = ? and d.key = s.drivetrain_key"
        + " and d.version >= s.drivetrain_version)";
  }

  String entity() {
    return entity;
  }

  private static final class Arrays {
    final ArrayLiteral keys = new ArrayLiteral();
    final ArrayLiteral versions = new ArrayLiteral();
    boolean isEmpty = true;

    Arrays(List<Change> changes) {
      for (Change change : changes) {
        if (change.removes() && change.version().isPresent()) {
          keys.text(text(change.key()));
          versions.plain(Long.toString(change.version().getAsLong()));
          isEmpty = false;
        }
      }
    }
  }

  /** A key as the table holds it. */
  static String text(EntityKey key) {
    if (key.values().isEmpty()) {
      return key.decoded().toString();
    }
    if (key.values().size() == 1) {
      return key.values().get(0).toString();
    }
    // Lengths, because values may hold any separator.
    StringBuilder text = new StringBuilder();
    for (Object value : key.values()) {
      String part = value.toString();
      text.append(part.length()).append(':').append(part).append(' ');
    }
    return text.toString().trim();
  }
}
