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
 *
 * <p>The number of shards in effect is what row 0 says in the column {@code shards}; every row says
 * the same, because they are changed together. Rows from that number on are left over from a time
 * when there were more shards, and nobody leases them.
 */
public final class LeaseTable {

  /** A shard under one tenure of one owner. */
  public record Tenure(int shard, long epoch) {}

  /**
   * A lease as it was granted.
   *
   * @param shards how many shards divide the events while it lasts
   * @param transactionalId the name under which Kafka fences former owners of the shard
   */
  public record Grant(Tenure tenure, int shards, String transactionalId) {}

  /**
   * A node that lives.
   *
   * @param asks how many shards it asks for
   * @param holds how many it has leased
   */
  public record Member(String node, int asks, int holds) {}

  /**
   * How nodes and shards stand.
   *
   * @param shards the number in effect
   */
  public record Standing(int shards, List<Member> members) {}

  /**
   * The events can be divided anew.
   *
   * @param tenures grows with each tenure of any shard
   * @param transactionalIds the names of the producers there have been
   */
  public record Divisible(long tenures, List<String> transactionalIds) {}

  private static final String MILLIS = "? * interval '1 millisecond'";

  private final String shards;
  private final String nodes;

  /** For the tables of one schema, whose name is safe in SQL. */
  public LeaseTable(String schema) {
    shards = schema + ".outbox_shard";
    nodes = schema + ".outbox_node";
  }

  /** Makes the rows of the number of shards in effect that are not there, and row 0 in any case. */
  public void prepare(Connection connection) throws SQLException {
    execute(connection, "INSERT INTO " + shards + " (shard) VALUES (0) ON CONFLICT DO NOTHING");
    // Row 0 is locked, because with another number in effect a moment later these rows would
    // overlap others.
    execute(
        connection,
        "INSERT INTO "
            + shards
            + " (shard, shards) SELECT number, effect.shards FROM (SELECT shards FROM "
            + shards
            + " WHERE shard = 0 FOR UPDATE) AS effect, generate_series(1, effect.shards - 1) number"
            + " ON CONFLICT DO NOTHING");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.executeUpdate();
    }
  }

  /** Says that a node lives, and how many shards it asks for. */
  public void beat(Connection connection, String node, int asks) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO "
                + nodes
                + " (node, seen_at, shards) VALUES (?, clock_timestamp(), ?) ON CONFLICT (node) DO"
                + " UPDATE SET seen_at = excluded.seen_at, shards = excluded.shards")) {
      statement.setString(1, node);
      statement.setInt(2, asks);
      statement.executeUpdate();
    }
  }

  /**
   * What all nodes decide from.
   *
   * @param unseen a node that was not seen for this long does not count
   */
  public Standing standing(Connection connection, Duration unseen) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT effect.shards, n.node, n.shards, (SELECT count(*) FROM "
                + shards
                + " s WHERE s.owner = n.node AND s.lease_until >= clock_timestamp()) FROM "
                + shards
                + " effect LEFT JOIN "
                + nodes
                + " n ON n.seen_at > clock_timestamp() - "
                + MILLIS
                + " WHERE effect.shard = 0")) {
      statement.setLong(1, unseen.toMillis());
      try (ResultSet result = statement.executeQuery()) {
        int effect = 1;
        List<Member> members = new ArrayList<>();
        while (result.next()) {
          effect = result.getInt(1);
          if (result.getString(2) != null) {
            members.add(new Member(result.getString(2), result.getInt(3), result.getInt(4)));
          }
        }
        return new Standing(effect, members);
      }
    }
  }

  /**
   * Looks whether another number of shards can be put into effect: if nothing is leased and every
   * living node asks for it. Empty also if it is in effect. A claim at the same time either finds
   * its row locked and goes without, or makes the transaction fail.
   */
  public Optional<Divisible> divisible(Connection connection, int into, Duration unseen)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "WITH free AS (SELECT shard, epoch, transactional_id FROM "
                + shards
                + " WHERE lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED)"
                + " SELECT (SELECT count(*) FROM free) = (SELECT count(*) FROM "
                + shards
                + ") AND (SELECT shards FROM "
                + shards
                + " WHERE shard = 0) <> ? AND NOT EXISTS (SELECT 1 FROM "
                + nodes
                + " WHERE shards <> ? AND seen_at > clock_timestamp() - "
                + MILLIS
                + "), (SELECT sum(epoch) FROM free), (SELECT array_agg(transactional_id) FROM"
                + " free)")) {
      statement.setInt(1, into);
      statement.setInt(2, into);
      statement.setLong(3, unseen.toMillis());
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getBoolean(1)
            ? Optional.of(
                new Divisible(result.getLong(2), List.of((String[]) result.getArray(3).getArray())))
            : Optional.empty();
      }
    }
  }

  /**
   * Puts another number of shards into effect.
   *
   * @param found what was found before; if a shard has been leased since, nothing is changed
   */
  public boolean divide(Connection connection, int into, Duration unseen, Divisible found)
      throws SQLException {
    Optional<Divisible> now = divisible(connection, into, unseen);
    if (now.isEmpty() || now.get().tenures() != found.tenures()) {
      return false;
    }
    // The epoch ends every tenure: a renewal that is still on its way finds nothing.
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO "
                + shards
                + " (shard, shards) SELECT generate_series(0, ?::int - 1), ? ON CONFLICT (shard) DO"
                + " NOTHING")) {
      statement.setInt(1, into);
      statement.setInt(2, into);
      statement.executeUpdate();
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE " + shards + " SET shards = ?, epoch = epoch + 1, owner = NULL")) {
      statement.setInt(1, into);
      statement.executeUpdate();
    }
    return true;
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
                + " s SET lease_until = clock_timestamp() + "
                + MILLIS
                + " FROM unnest(?::smallint[], ?::bigint[]) AS mine(shard, epoch)"
                + " WHERE s.shard = mine.shard AND s.epoch = mine.epoch AND s.owner = ?"
                + " RETURNING s.shard, s.epoch")) {
      statement.setLong(1, ttl.toMillis());
      setTenures(connection, statement, 2, mine);
      statement.setString(4, owner);
      List<Tenure> renewed = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          renewed.add(new Tenure(result.getInt(1), result.getLong(2)));
        }
      }
      return renewed;
    }
  }

  /**
   * Takes shards that nobody holds.
   *
   * @param without shards to leave alone
   * @param limit how many at most
   */
  public List<Grant> claim(
      Connection connection, String owner, Collection<Integer> without, int limit, Duration ttl)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE "
                + shards
                + " SET owner = ?, epoch = epoch + 1, lease_until = clock_timestamp() + "
                + MILLIS
                + " WHERE shard IN (SELECT shard FROM "
                + shards
                + " WHERE lease_until < clock_timestamp() AND shard < shards"
                + " AND shard <> ALL(?::smallint[]) ORDER BY shard LIMIT ?"
                + " FOR UPDATE SKIP LOCKED)"
                + " RETURNING shard, epoch, shards, transactional_id")) {
      statement.setString(1, owner);
      statement.setLong(2, ttl.toMillis());
      statement.setArray(
          3, connection.createArrayOf("int2", without.stream().map(Integer::shortValue).toArray()));
      statement.setInt(4, limit);
      List<Grant> grants = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          grants.add(
              new Grant(
                  new Tenure(result.getInt(1), result.getLong(2)),
                  result.getInt(3),
                  result.getString(4)));
        }
      }
      return grants;
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
}
