package io.drivetrain.outbox.internal.store;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The drainers' statements on blocked keys. Immutable and thread-safe; the caller brings the
 * connection and its transaction.
 */
public final class BlockedKeys {

  /** A key of a topic. */
  public record TopicKey(String topic, ByteBuffer key) {

    /** Of a row that has a key. */
    public static TopicKey of(OutboxRow row) {
      return new TopicKey(row.topic(), ByteBuffer.wrap(row.key()));
    }
  }

  private static final String COLUMNS =
      "created_at, bucket, kpartition, ktimestamp, topic, key, payload, headers";

  private final String schema;

  /** For the tables of one schema, whose name is safe in SQL. */
  public BlockedKeys(String schema) {
    this.schema = schema;
  }

  /** The blocked keys of a shard, each with the first of its rows that was refused. */
  public Map<TopicKey, Long> read(Connection connection, ShardRange range) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT topic, key, row_id FROM "
                + schema
                + ".outbox_blocked WHERE bucket BETWEEN ? AND ?")) {
      statement.setInt(1, range.firstBucket());
      statement.setInt(2, range.lastBucket());
      Map<TopicKey, Long> keys = new HashMap<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          keys.put(
              new TopicKey(result.getString(1), ByteBuffer.wrap(result.getBytes(2))),
              result.getLong(3));
        }
      }
      return keys;
    }
  }

  /**
   * Blocks the keys of rows that were parked in the same transaction, from the first row on that
   * was refused. That may be an earlier one than what a key was blocked by: one that was left out
   * for the other's sake. No UPDATE, the application's role has no right to it.
   */
  public void block(Connection connection, List<Long> parked) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "DELETE FROM "
                + schema
                + ".outbox_blocked b USING "
                + schema
                + ".outbox_dead d WHERE d.id = ANY(?) AND b.topic = d.topic AND b.key_hash ="
                + " sha256(d.key) AND b.key = d.key AND b.row_id > d.id")) {
      statement.setArray(1, connection.createArrayOf("int8", parked.toArray()));
      statement.executeUpdate();
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO "
                + schema
                + ".outbox_blocked (topic, key, bucket, row_id) SELECT topic, key, bucket, id FROM "
                + schema
                + ".outbox_dead WHERE id = ANY(?) ORDER BY id ON CONFLICT DO NOTHING")) {
      statement.setArray(1, connection.createArrayOf("int8", parked.toArray()));
      statement.executeUpdate();
    }
  }

  /**
   * Parks rows behind the one that blocks their key. One whose key is blocked no longer stays where
   * it is: an operator has unblocked it since.
   *
   * @return how many were parked
   */
  public int parkBehind(Connection connection, List<Long> ids, short reason) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "WITH gone AS (DELETE FROM "
                + schema
                + ".outbox o USING "
                + schema
                + ".outbox_blocked b WHERE o.id = ANY(?) AND b.topic = o.topic AND b.key = o.key AND"
                + " b.row_id < o.id"
                + " RETURNING o.id, coalesce(o.attempts, 0) AS attempts, b.row_id, o."
                + COLUMNS.replace(", ", ", o.")
                + ") INSERT INTO "
                + schema
                + ".outbox_dead (id, reason, error, attempts, "
                + COLUMNS
                + ") SELECT id, ?, 'behind row ' || row_id || ' of its key', attempts, "
                + COLUMNS
                + " FROM gone")) {
      statement.setArray(1, connection.createArrayOf("int8", ids.toArray()));
      statement.setShort(2, reason);
      return statement.executeUpdate();
    }
  }
}
