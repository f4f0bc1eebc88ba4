package io.drivetrain.outbox.internal.store;

import io.drivetrain.outbox.EncodedMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Every statement on events for later. Immutable and thread-safe; the caller brings the connection
 * and its transaction.
 */
public final class LaterTable {
  private static final String COLUMNS =
      "bucket, kpartition, ktimestamp, topic, key, payload, headers";

  private final String insert;
  private final String anyDue;
  private final String move;

  /** For the tables of one schema, whose name is safe in SQL. */
  public LaterTable(String schema) {
    String table = schema + ".outbox_later";
    insert =
        "INSERT INTO "
            + table
            + " (due_at, "
            + COLUMNS
            + ") SELECT timestamptz 'epoch' + due * interval '1 millisecond', "
            + COLUMNS
            + " FROM unnest(?::smallint[], ?::int[], ?::bigint[], ?::text[], ?::bytea[], ?::bytea[],"
            + " ?::bytea[], ?::bigint[]) WITH ORDINALITY AS event("
            + COLUMNS
            + ", due, ord) ORDER BY ord";
    String due = " WHERE due_at <= clock_timestamp() AND bucket BETWEEN ? AND ?";
    anyDue = "SELECT EXISTS (SELECT 1 FROM " + table + due + ")";
    // The transaction's id before any row's, and the rows' in their order, as the writer's INSERT.
    move =
        "WITH due AS (DELETE FROM "
            + table
            + " WHERE (due_at, id) IN (SELECT due_at, id FROM "
            + table
            + due
            + " ORDER BY due_at, id LIMIT ?) RETURNING due_at, id, "
            + COLUMNS
            + ") INSERT INTO "
            + schema
            + ".outbox ("
            + COLUMNS
            + ") SELECT "
            + COLUMNS
            + " FROM due WHERE pg_current_xact_id() IS NOT NULL ORDER BY due_at, id";
  }

  /** Inserts events for later. */
  public void insert(Connection connection, List<EncodedMessage> messages) throws SQLException {
    for (List<EncodedMessage> chunk : EventArrays.chunks(messages)) {
      Long[] due = chunk.stream().map(EncodedMessage::deliverAt).toArray(Long[]::new);
      try (PreparedStatement statement = connection.prepareStatement(insert)) {
        EventArrays.of(chunk).set(connection, statement);
        statement.setArray(EventArrays.COUNT + 1, connection.createArrayOf("int8", due));
        statement.executeUpdate();
      }
    }
  }

  /** Whether events of a shard are due. */
  public boolean anyDue(Connection connection, ShardRange range) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(anyDue)) {
      statement.setInt(1, range.firstBucket());
      statement.setInt(2, range.lastBucket());
      try (ResultSet result = statement.executeQuery()) {
        return result.next() && result.getBoolean(1);
      }
    }
  }

  /**
   * Makes events of a shard that are due rows of the outbox, the earliest first.
   *
   * @return how many there were
   */
  public int move(Connection connection, ShardRange range, int limit) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(move)) {
      statement.setInt(1, range.firstBucket());
      statement.setInt(2, range.lastBucket());
      statement.setInt(3, limit);
      return statement.executeUpdate();
    }
  }
}
