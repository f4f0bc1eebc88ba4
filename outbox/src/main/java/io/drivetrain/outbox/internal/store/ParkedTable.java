package io.drivetrain.outbox.internal.store;

import io.drivetrain.outbox.Content;
import io.drivetrain.outbox.EncodedMessage.Header;
import io.drivetrain.outbox.OutboxAdmin.BlockedKey;
import io.drivetrain.outbox.OutboxAdmin.Filter;
import io.drivetrain.outbox.OutboxAdmin.HeaderContent;
import io.drivetrain.outbox.OutboxAdmin.Parked;
import io.drivetrain.outbox.OutboxAdmin.Peeked;
import io.drivetrain.outbox.ParkReason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every statement of operators on parked rows and blocked keys. Immutable and thread-safe; the
 * caller brings the connection and its transaction.
 */
public final class ParkedTable {
  private static final String COLUMNS =
      "bucket, kpartition, ktimestamp, topic, key, payload, headers";

  private static final String LISTED =
      "id, topic, key, kpartition, created_at, parked_at, reason, error, attempts,"
          + " coalesce(octet_length(payload), -1)";

  private final String dead;
  private final String blocked;
  private final String outbox;
  private final String pause;

  /** For the tables of one schema, whose name is safe in SQL. */
  public ParkedTable(String schema) {
    dead = schema + ".outbox_dead";
    blocked = schema + ".outbox_blocked";
    outbox = schema + ".outbox";
    pause = schema + ".outbox_pause";
  }

  /** A page of parked rows, in order of id. */
  public List<Parked> list(Connection connection, Filter filter) throws SQLException {
    StringBuilder sql = new StringBuilder("SELECT " + LISTED + " FROM " + dead + " WHERE id > ?");
    if (filter.topic() != null) {
      sql.append(filter.key() == null ? " AND topic = ?" : " AND " + ofKey(filter.key()));
    }
    if (filter.reason() != null) {
      sql.append(" AND reason = ?");
    }
    try (PreparedStatement statement = connection.prepareStatement(sql + " ORDER BY id LIMIT ?")) {
      int index = 1;
      statement.setLong(index++, filter.after());
      if (filter.topic() != null) {
        statement.setString(index++, filter.topic());
      }
      if (filter.key() != null) {
        statement.setBytes(index++, filter.key());
        statement.setBytes(index++, filter.key());
      }
      if (filter.reason() != null) {
        statement.setShort(index++, filter.reason().code());
      }
      statement.setInt(index, filter.limit());
      List<Parked> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(parked(result));
        }
      }
      return rows;
    }
  }

  private static Parked parked(ResultSet result) throws SQLException {
    return new Parked(
        result.getLong(1),
        result.getString(2),
        Content.of(result.getBytes(3)),
        Optional.ofNullable(result.getObject(4, Integer.class)),
        instant(result, 5),
        instant(result, 6),
        ParkReason.of(result.getInt(7)),
        Optional.ofNullable(result.getString(8)).orElse(""),
        result.getInt(9),
        result.getInt(10));
  }

  static Instant instant(ResultSet result, int column) throws SQLException {
    return result.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** One parked row with all it holds. */
  public Optional<Peeked> peek(Connection connection, long id) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT " + LISTED + ", headers, payload, ktimestamp FROM " + dead + " WHERE id = ?")) {
      statement.setLong(1, id);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? Optional.of(peeked(result)) : Optional.empty();
      }
    }
  }

  private static Peeked peeked(ResultSet result) throws SQLException {
    List<HeaderContent> headers = new ArrayList<>();
    try {
      for (Header header : HeaderCodec.decode(result.getBytes(11))) {
        headers.add(new HeaderContent(header.name(), Content.of(header.value())));
      }
    } catch (UnreadableRowException e) {
      headers.clear(); // that is why it was parked, and its error says so
    }
    return new Peeked(
        parked(result),
        headers,
        Content.of(result.getBytes(12)),
        Optional.ofNullable(result.getObject(13, Long.class)).map(Instant::ofEpochMilli));
  }

  /** Whether a parked row's key is blocked; empty if there is no such row. */
  public Optional<Boolean> isBlocked(Connection connection, long id) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT EXISTS (SELECT 1 FROM "
                + blocked
                + " b WHERE b.topic = d.topic AND b.key_hash = sha256(d.key)) FROM "
                + dead
                + " d WHERE id = ?")) {
      statement.setLong(1, id);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? Optional.of(result.getBoolean(1)) : Optional.empty();
      }
    }
  }

  /** Makes a parked row a new one of the outbox. */
  public int retry(Connection connection, long id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(again("id = ?"))) {
      statement.setLong(1, id);
      return statement.executeUpdate();
    }
  }

  /** Makes parked rows of a key new ones of the outbox, in order, the first ones of them. */
  public int retryKey(Connection connection, String topic, byte[] key, long upTo, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(first(ofKey(key)))) {
      int index = setKey(statement, topic, key);
      statement.setLong(index++, upTo);
      statement.setInt(index, limit);
      return statement.executeUpdate();
    }
  }

  /** Makes parked rows of a topic new ones of the outbox, in order, the first ones of them. */
  public int retryTopic(Connection connection, String topic, long upTo, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(first("topic = ?"))) {
      statement.setString(1, topic);
      statement.setLong(2, upTo);
      statement.setInt(3, limit);
      return statement.executeUpdate();
    }
  }

  private String first(String condition) {
    return again(
        "id IN (SELECT id FROM "
            + dead
            + " WHERE "
            + condition
            + " AND id <= ? ORDER BY id LIMIT ?)");
  }

  /**
   * As the writer's INSERT does: the transaction's id is drawn before any row's, and the rows' in
   * their order.
   */
  private String again(String condition) {
    return "WITH gone AS (DELETE FROM "
        + dead
        + " WHERE "
        + condition
        + " RETURNING id, attempts, "
        + COLUMNS
        + ") INSERT INTO "
        + outbox
        + " (attempts, "
        + COLUMNS
        + ") SELECT attempts, "
        + COLUMNS
        + " FROM gone WHERE pg_current_xact_id() IS NOT NULL ORDER BY id";
  }

  /** The highest id of a parked row, 0 for none. */
  public long highest(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT coalesce(max(id), 0) FROM " + dead)) {
      result.next();
      return result.getLong(1);
    }
  }

  /** Parks a row that waits, if it is paused. */
  public int park(Connection connection, long id) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "WITH gone AS (DELETE FROM "
                + outbox
                + " o WHERE id = ? AND EXISTS (SELECT 1 FROM "
                + pause
                + " p WHERE p.topic IN ('', o.topic) AND o.bucket BETWEEN p.first_bucket AND"
                + " p.last_bucket) RETURNING id, created_at, coalesce(attempts, 0) AS attempts, "
                + COLUMNS
                + ") INSERT INTO "
                + dead
                + " (id, reason, error, created_at, attempts, "
                + COLUMNS
                + ") SELECT id, ?, 'by an operator', created_at, attempts, "
                + COLUMNS
                + " FROM gone")) {
      statement.setLong(1, id);
      statement.setShort(2, ParkReason.BY_OPERATOR.code());
      return statement.executeUpdate();
    }
  }

  /** Whether a row waits. */
  public boolean waits(Connection connection, long id) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT 1 FROM " + outbox + " WHERE id = ?")) {
      statement.setLong(1, id);
      try (ResultSet result = statement.executeQuery()) {
        return result.next();
      }
    }
  }

  /** Deletes a parked row. */
  public int discard(Connection connection, long id) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("DELETE FROM " + dead + " WHERE id = ?")) {
      statement.setLong(1, id);
      return statement.executeUpdate();
    }
  }

  /** Deletes the parked rows of a key. */
  public int discardKey(Connection connection, String topic, byte[] key) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("DELETE FROM " + dead + " WHERE " + ofKey(key))) {
      setKey(statement, topic, key);
      return statement.executeUpdate();
    }
  }

  /** Blocked keys, the longest blocked first. */
  public List<BlockedKey> blocked(Connection connection, int limit) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT topic, key, blocked_at, row_id FROM "
                + blocked
                + " ORDER BY blocked_at, row_id LIMIT ?")) {
      statement.setInt(1, limit);
      List<BlockedKey> keys = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          keys.add(
              new BlockedKey(
                  result.getString(1),
                  new Content(result.getBytes(2)),
                  instant(result, 3),
                  result.getLong(4)));
        }
      }
      return keys;
    }
  }

  /** Whether a topic has a blocked key; with a key, whether it is that one. */
  public boolean hasBlocked(Connection connection, String topic, byte[] key) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT EXISTS (SELECT 1 FROM " + blocked + " WHERE " + blockedKeys(key) + ")")) {
      setKey(statement, topic, key);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() && result.getBoolean(1);
      }
    }
  }

  /**
   * Unblocks a topic's keys: makes their parked rows and those that wait new ones, in order: those
   * that were published since are behind, what was left out for a refused row's sake is before it.
   * Nobody can publish until the transaction ends, and it begins when nobody is: a transaction
   * under way has an id for its row already, and the row would be sent before those that are older.
   *
   * @param key null for all of the topic
   * @return how many parked rows there were
   */
  public int unblock(Connection connection, String topic, byte[] key) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // The rows that wait have no index but that of their ids.
      statement.execute(
          "SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '10s';"
              + " SET LOCAL enable_seqscan = on; LOCK TABLE "
              + outbox
              + " IN SHARE ROW EXCLUSIVE MODE");
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "WITH freed AS (DELETE FROM "
                + blocked
                + " WHERE "
                + blockedKeys(key)
                + " RETURNING topic AS t, key AS k), parked AS (DELETE FROM "
                + dead
                + " USING freed WHERE topic = t AND sha256(key) = sha256(k) AND key = k"
                + " RETURNING id, attempts, "
                + COLUMNS
                + "), waiting AS (DELETE FROM "
                + outbox
                + " USING freed WHERE topic = t AND key = k RETURNING id, attempts, "
                + COLUMNS
                + "), again AS (INSERT INTO "
                + outbox
                + " (attempts, "
                + COLUMNS
                + ") SELECT attempts, "
                + COLUMNS
                + " FROM (SELECT * FROM parked UNION ALL SELECT * FROM waiting) both_of_them"
                + " WHERE pg_current_xact_id() IS NOT NULL ORDER BY id)"
                + " SELECT count(*) FROM parked")) {
      setKey(statement, topic, key);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getInt(1);
      }
    }
  }

  private static String blockedKeys(byte[] key) {
    return key == null ? "topic = ?" : "topic = ? AND key_hash = sha256(?) AND key = ?";
  }

  private static void setBlockedKeys(PreparedStatement statement, String topic, byte[] key)
      throws SQLException {
    setKey(statement, topic, key);
  }

  /** A key is found by its hash, that is what the index holds; then compared. */
  private static String ofKey(byte[] key) {
    return key == null
        ? "topic = ? AND key IS NULL"
        : "topic = ? AND sha256(key) = sha256(?) AND key = ?";
  }

  private static int setKey(PreparedStatement statement, String topic, byte[] key)
      throws SQLException {
    int index = 1;
    statement.setString(index++, topic);
    if (key != null) {
      statement.setBytes(index++, key);
      statement.setBytes(index++, key);
    }
    return index;
  }
}
