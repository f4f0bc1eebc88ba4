package io.drivetrain.outbox.internal.store;

import io.drivetrain.outbox.Content;
import io.drivetrain.outbox.OutboxAdmin.Filter;
import io.drivetrain.outbox.OutboxAdmin.Scheduled;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every statement of operators on events for later. Immutable and thread-safe; the caller brings
 * the connection and its transaction.
 *
 * <p>What is due may be moved by its drainer at the same moment: whoever deletes the row first has
 * it, and the other finds none.
 */
public final class ScheduledTable {
  private static final String COLUMNS =
      "bucket, kpartition, ktimestamp, topic, key, payload, headers";

  private final String later;

  /** These are not private for the test of their plans. */
  final String cancel;

  final String cancelKey;
  final String cancelWithoutKey;
  final String deliver;

  /** For the tables of one schema, whose name is safe in SQL. */
  public ScheduledTable(String schema) {
    later = schema + ".outbox_later";
    cancel = "DELETE FROM " + later + " WHERE id = ?";
    // A key is found by its hash, that is what the index holds; then compared.
    cancelKey = "DELETE FROM " + later + " WHERE topic = ? AND sha256(key) = sha256(?) AND key = ?";
    cancelWithoutKey = "DELETE FROM " + later + " WHERE topic = ? AND sha256(key) IS NULL";
    deliver =
        "WITH gone AS (DELETE FROM "
            + later
            + " WHERE id = ? RETURNING "
            + COLUMNS
            + ") INSERT INTO "
            + schema
            + ".outbox ("
            + COLUMNS
            + ") SELECT "
            + COLUMNS
            + " FROM gone WHERE pg_current_xact_id() IS NOT NULL";
  }

  /** A page of events, in order of time. */
  public List<Scheduled> list(Connection connection, Filter filter) throws SQLException {
    StringBuilder sql =
        new StringBuilder(
            "SELECT id, topic, key, kpartition, created_at, due_at, coalesce(octet_length(payload),"
                + " -1) FROM "
                + later
                + " WHERE true");
    OffsetDateTime after = filter.after() == 0 ? null : due(connection, filter.after());
    if (after != null) {
      sql.append(" AND (due_at, id) > (?, ?)");
    }
    if (filter.topic() != null) {
      sql.append(" AND topic = ?");
    }
    if (filter.key() != null) {
      sql.append(" AND sha256(key) = sha256(?) AND key = ?");
    }
    sql.append(" ORDER BY due_at, id LIMIT ?");
    try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
      int index = 1;
      if (after != null) {
        statement.setObject(index++, after);
        statement.setLong(index++, filter.after());
      }
      if (filter.topic() != null) {
        statement.setString(index++, filter.topic());
      }
      if (filter.key() != null) {
        statement.setBytes(index++, filter.key());
        statement.setBytes(index++, filter.key());
      }
      statement.setInt(index, filter.limit());
      List<Scheduled> events = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          events.add(
              new Scheduled(
                  result.getLong(1),
                  result.getString(2),
                  Content.of(result.getBytes(3)),
                  Optional.ofNullable(result.getObject(4, Integer.class)),
                  ParkedTable.instant(result, 5),
                  ParkedTable.instant(result, 6),
                  result.getInt(7)));
        }
      }
      return events;
    }
  }

  private OffsetDateTime due(Connection connection, long id) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT due_at FROM " + later + " WHERE id = ?")) {
      statement.setLong(1, id);
      try (ResultSet result = statement.executeQuery()) {
        if (!result.next()) {
          throw new IllegalArgumentException(
              "Event " + id + " no longer waits, so nothing can be listed behind it; begin again");
        }
        return result.getObject(1, OffsetDateTime.class);
      }
    }
  }

  /** Deletes one. */
  public int cancel(Connection connection, long id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(cancel)) {
      statement.setLong(1, id);
      return statement.executeUpdate();
    }
  }

  /**
   * Deletes those of a key.
   *
   * @param key null for those without one
   */
  public int cancelKey(Connection connection, String topic, byte[] key) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(key == null ? cancelWithoutKey : cancelKey)) {
      statement.setString(1, topic);
      if (key != null) {
        statement.setBytes(2, key);
        statement.setBytes(3, key);
      }
      return statement.executeUpdate();
    }
  }

  /** Makes one a row of the outbox; as the writer's INSERT, with the transaction's id first. */
  public int deliver(Connection connection, long id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(deliver)) {
      statement.setLong(1, id);
      return statement.executeUpdate();
    }
  }
}
