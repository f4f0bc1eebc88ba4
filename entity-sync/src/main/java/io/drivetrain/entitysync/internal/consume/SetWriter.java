package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.internal.mapping.Assignment;
import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import io.drivetrain.entitysync.internal.mapping.Coercion;
import io.drivetrain.entitysync.internal.mapping.CoercionException;
import jakarta.persistence.Cache;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Writes a plainly mapped entity's table past the persistence provider: one {@code INSERT … ON
 * CONFLICT} from arrays for the records that carry the same attributes, one {@code DELETE} for the
 * tombstones. Thread-safe.
 */
final class SetWriter<E> implements EntityWriter<E> {
  private final ConsumedEntity<E> entity;
  private final PlainTable table;
  private final UpsertSql sql;
  private final Tombstones tombstones;
  private final DataSource dataSource;

  /** Of the table's columns. */
  private final Attribute[] attributes;

  /** What a new entity has in its columns, which is what a provider inserts. */
  private final Object[] initial;

  SetWriter(
      ConsumedEntity<E> entity, PlainTable table, Tombstones tombstones, DataSource dataSource) {
    this.entity = entity;
    this.table = table;
    this.sql = new UpsertSql(table, tombstones);
    this.tombstones = tombstones;
    this.dataSource = dataSource;
    this.attributes =
        table.columns().stream().map(PlainColumn::attribute).toArray(Attribute[]::new);
    Object fresh = entity.shape().newInstance();
    this.initial = Arrays.stream(attributes).map(attribute -> attribute.get(fresh)).toArray();
  }

  /**
   * A row to write.
   *
   * @param values of the columns
   * @param carried a bit for each column that the payload carries
   */
  private record Row(Change change, Object[] values, long carried) {}

  @Override
  public void write(EntityManager entities, List<Change> changes) {
    try (Connection connection = dataSource.getConnection()) {
      write(connection, changes);
    } catch (SQLException e) {
      throw new JdbcFailure(e);
    }
  }

  PlainTable table() {
    return table;
  }

  DataSource dataSource() {
    return dataSource;
  }

  /** On the transaction's connection. */
  void write(Connection connection, List<Change> changes) throws SQLException {
    List<Change> removed = new ArrayList<>();
    Map<Long, List<Row>> rows = new LinkedHashMap<>();
    for (Change change : changes) {
      if (change.removes()) {
        removed.add(change);
      } else {
        try {
          Row row = row(change);
          rows.computeIfAbsent(row.carried(), carried -> new ArrayList<>()).add(row);
        } catch (CoercionException e) {
          throw new RecordFailure(change.index(), e);
        }
      }
    }
    // First, so that what they free may be taken, such as a unique name.
    delete(connection, removed);
    if (rows.size() > 1) {
      lock(connection, changes);
    }
    for (Map.Entry<Long, List<Row>> group : rows.entrySet()) {
      upsert(connection, group.getKey(), group.getValue());
    }
  }

  private Row row(Change change) {
    Map<String, Object> payload = change.payload();
    Object[] values = new Object[attributes.length];
    long carried = 0;
    for (int i = 0; i < values.length; i++) {
      Attribute attribute = attributes[i];
      Object value = payload.get(attribute.name());
      if (value != null || payload.containsKey(attribute.name())) {
        carried |= 1L << i;
        try {
          values[i] =
              attribute.kind() == Kind.REFERENCE
                  ? value == null ? null : Assignment.referencedId(attribute, value)
                  : Coercion.to(attribute.type(), value);
        } catch (CoercionException e) {
          throw Assignment.of(attribute, e);
        }
      }
    }
    return new Row(change, values, carried);
  }

  private void upsert(Connection connection, long carried, List<Row> rows) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.upsert(carried))) {
      int parameter = 1;
      for (int i = 0; i < table.key().size(); i++) {
        statement.setString(parameter++, keys(rows.stream().map(Row::change).toList(), i));
      }
      for (int c = 0; c < table.columns().size(); c++) {
        ArrayLiteral array = new ArrayLiteral();
        PlainColumn column = table.columns().get(c);
        if ((carried & 1L << c) == 0) {
          // One element for all rows.
          column.append(array, initial[c]);
        } else {
          for (Row row : rows) {
            column.append(array, row.values()[c]);
          }
        }
        statement.setString(parameter++, array.end());
      }
      if (table.version().isPresent()) {
        ArrayLiteral texts = new ArrayLiteral();
        rows.forEach(row -> texts.text(Tombstones.text(row.change().key())));
        statement.setString(parameter++, texts.end());
        statement.setString(parameter, tombstones.entity());
      }
      statement.executeUpdate();
    }
  }

  private void delete(Connection connection, List<Change> removed) throws SQLException {
    if (removed.isEmpty()) {
      return;
    }
    boolean guarded = table.version().isPresent();
    // Tombstones without a version remove whatever is there.
    List<Change> versioned = new ArrayList<>();
    List<Change> plain = new ArrayList<>();
    removed.forEach(c -> (guarded && c.version().isPresent() ? versioned : plain).add(c));
    deleteAll(connection, plain, false);
    deleteAll(connection, versioned, true);
    tombstones.store(connection, versioned);
  }

  private void deleteAll(Connection connection, List<Change> removed, boolean guarded)
      throws SQLException {
    if (removed.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.delete(guarded))) {
      int parameter = keys(statement, removed);
      if (guarded) {
        ArrayLiteral versions = new ArrayLiteral();
        removed.forEach(c -> versions.plain(Long.toString(c.version().getAsLong())));
        statement.setString(parameter, versions.end());
      }
      statement.executeUpdate();
    }
  }

  /** Several statements would each lock in order, but not all of them together. */
  private void lock(Connection connection, List<Change> changes) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.lock())) {
      keys(statement, changes);
      statement.execute();
    }
  }

  private int keys(PreparedStatement statement, List<Change> changes) throws SQLException {
    int parameter = 1;
    for (int i = 0; i < table.key().size(); i++) {
      statement.setString(parameter++, keys(changes, i));
    }
    return parameter;
  }

  private String keys(List<Change> changes, int part) {
    ArrayLiteral array = new ArrayLiteral();
    for (Change change : changes) {
      table.key().get(part).append(array, change.key().values().get(part));
    }
    return array.end();
  }

  /** After the commit: what the shared cache holds of these entities is old. */
  void committed(EntityManagerFactory unit, List<Change> changes) {
    Cache cache = unit.getCache();
    if (cache == null) {
      return;
    }
    boolean byId = entity.key().orElseThrow().isId() && entity.key().orElseThrow().isSingle();
    if (byId) {
      changes.forEach(c -> cache.evict(entity.type(), c.key().values().get(0)));
    } else {
      cache.evict(entity.type());
    }
  }
}
