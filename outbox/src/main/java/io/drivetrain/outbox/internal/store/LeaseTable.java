package io.drivetrain.outbox.internal.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Every statement on the tables of leases and nodes. Only the database's clock decides; a node
 * never compares its own with it. Immutable and thread-safe; the caller brings connection and
 * transaction.
 */
public final class LeaseTable {

  /** A shard under one tenure of one owner. */
  public record Tenure(int shard, long epoch) {}

  private final String shards;
  private final String nodes;

  /** For the tables of one schema, whose name is safe in SQL. */
  public LeaseTable(String schema) {
    shards = schema + ".outbox_shard";
    nodes = schema + ".outbox_node";
  }

  /** Makes the rows of shards 0 to {@code count} - 1 that are not there yet. */
  public void prepare(Connection connection, int count) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO "
                + shards
                + " (shard) SELECT generate_series(0, ?::int - 1) ON CONFLICT DO NOTHING")) {
      statement.setInt(1, count);
      statement.executeUpdate();
    }
  }

  /**
   * Says that a node lives.
   *
   * @return how many live, this one included
   */
  public int beat(Connection connection, String node, Duration ttl) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO "
                + nodes
                + " (node, seen_at) VALUES (?, clock_timestamp())"
                + " ON CONFLICT (node) DO UPDATE SET seen_at = excluded.seen_at")) {
      statement.setString(1, node);
      statement.executeUpdate();
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT count(*) FROM "
                + nodes
                + " WHERE seen_at > clock_timestamp() - ? * interval '1 millisecond'")) {
      statement.setLong(1, ttl.toMillis());
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return Math.max(1, result.getInt(1));
      }
    }
  }

  /** Forgets a node, and those not seen for a day. */
  public void forget(Connection connection, String node) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "DELETE FROM "
                + nodes
                + " WHERE node = ? OR seen_at < clock_timestamp() - interval '1 day'")) {
      statement.setString(1, node);
      statement.executeUpdate();
    }
  }

  /**
   * Extends leases.
   *
   * @return those that were still this owner's; the others are lost
   */
  public List<Tenure> renew(
      Connection connection, String owner, Collection<Tenure> mine, Duration ttl)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE "
                + shards
                + " s SET lease_until = clock_timestamp() + ? * interval '1 millisecond'"
                + " FROM unnest(?::smallint[], ?::bigint[]) AS mine(shard, epoch)"
                + " WHERE s.shard = mine.shard AND s.epoch = mine.epoch AND s.owner = ?"
                + " RETURNING s.shard, s.epoch")) {
      statement.setLong(1, ttl.toMillis());
      setTenures(connection, statement, 2, mine);
      statement.setString(4, owner);
      return tenures(statement);
    }
  }

  /** Takes up to {@code limit} shards that nobody holds. */
  public List<Tenure> claim(
      Connection connection, String owner, int shardCount, int limit, Duration ttl)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE "
                + shards
                + " SET owner = ?, epoch = epoch + 1,"
                + " lease_until = clock_timestamp() + ? * interval '1 millisecond'"
                + " WHERE shard IN (SELECT shard FROM "
                + shards
                + " WHERE lease_until < clock_timestamp() AND shard < ?"
                + " ORDER BY shard LIMIT ? FOR UPDATE SKIP LOCKED) RETURNING shard, epoch")) {
      statement.setString(1, owner);
      statement.setLong(2, ttl.toMillis());
      statement.setInt(3, shardCount);
      statement.setInt(4, limit);
      return tenures(statement);
    }
  }

  /** Gives leases back, so that others need not wait for their end. */
  public void release(Connection connection, String owner, Collection<Tenure> mine)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE "
                + shards
                + " s SET lease_until = '-infinity'"
                + " FROM unnest(?::smallint[], ?::bigint[]) AS mine(shard, epoch)"
                + " WHERE s.shard = mine.shard AND s.epoch = mine.epoch AND s.owner = ?")) {
      setTenures(connection, statement, 1, mine);
      statement.setString(3, owner);
      statement.executeUpdate();
    }
  }

  /** Who holds leases now; several owners are separated by commas. */
  public Optional<String> owners(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT string_agg(DISTINCT owner, ', ') FROM "
                    + shards
                    + " WHERE lease_until >= clock_timestamp()");
        ResultSet result = statement.executeQuery()) {
      result.next();
      return Optional.ofNullable(result.getString(1));
    }
  }

  private static void setTenures(
      Connection connection, PreparedStatement statement, int index, Collection<Tenure> tenures)
      throws SQLException {
    statement.setArray(
        index,
        connection.createArrayOf(
            "int2", tenures.stream().map(tenure -> (short) tenure.shard()).toArray()));
    statement.setArray(
        index + 1, connection.createArrayOf("int8", tenures.stream().map(Tenure::epoch).toArray()));
  }

  private static List<Tenure> tenures(PreparedStatement statement) throws SQLException {
    List<Tenure> tenures = new ArrayList<>();
    try (ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        tenures.add(new Tenure(result.getInt(1), result.getLong(2)));
      }
    }
    return tenures;
  }
}
