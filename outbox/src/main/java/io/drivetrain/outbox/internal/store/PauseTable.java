package io.drivetrain.outbox.internal.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Every statement on pauses. Immutable and thread-safe; the caller brings the connection and its
 * transaction.
 */
public final class PauseTable {
  private final String table;
  private final String shards;

  /** For the tables of one schema, whose name is safe in SQL. */
  public PauseTable(String schema) {
    table = schema + ".outbox_pause";
    shards = schema + ".outbox_shard";
  }

  /** What is paused, the longest paused first. */
  public Pauses read(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT topic, first_bucket, last_bucket, paused_at, stopped_at, reason FROM "
                    + table
                    + " ORDER BY paused_at");
        ResultSet result = statement.executeQuery()) {
      List<Pauses.Row> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(
            new Pauses.Row(
                result.getString(1),
                result.getInt(2),
                result.getInt(3),
                ParkedTable.instant(result, 4),
                result.getObject(5, Long.class),
                result.getString(6)));
      }
      // Never NONE: each look is told from the one before, see Holds.
      return new Pauses(rows);
    }
  }

  /** Into how many shards the events are divided; empty if no node has drained yet. */
  public OptionalInt shards(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("SELECT shards FROM " + shards + " WHERE shard = 0");
        ResultSet result = statement.executeQuery()) {
      return result.next() ? OptionalInt.of(result.getInt(1)) : OptionalInt.empty();
    }
  }

  /**
   * Pauses a topic in some buckets.
   *
   * @param topic empty for every topic
   * @param stoppedAt the row at which the topic stops by itself; null if an operator pauses it
   * @return 0 if exactly that was paused already
   */
  public int pause(
      Connection connection, String topic, ShardRange range, Long stoppedAt, String reason)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO "
                + table
                + " (topic, first_bucket, last_bucket, stopped_at, reason) VALUES (?, ?, ?, ?, ?)"
                + " ON CONFLICT DO NOTHING")) {
      statement.setString(1, topic);
      statement.setInt(2, range.firstBucket());
      statement.setInt(3, range.lastBucket());
      statement.setObject(4, stoppedAt, java.sql.Types.BIGINT);
      statement.setString(5, reason);
      return statement.executeUpdate();
    }
  }

  /**
   * Ends the pause of exactly these buckets; that of a whole topic also ends its stops.
   *
   * @param topic empty for every topic
   */
  public int resume(Connection connection, String topic, ShardRange range) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "DELETE FROM "
                + table
                + " WHERE topic = ? AND (first_bucket = ? AND last_bucket = ?"
                + " OR ? AND stopped_at IS NOT NULL)")) {
      statement.setString(1, topic);
      statement.setInt(2, range.firstBucket());
      statement.setInt(3, range.lastBucket());
      statement.setBoolean(4, range.equals(ShardRange.ALL));
      return statement.executeUpdate();
    }
  }
}
