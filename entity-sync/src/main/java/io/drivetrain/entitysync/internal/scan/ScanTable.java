package io.drivetrain.entitysync.internal.scan;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The table {@code entity_scan}. Each call uses the data source's connection of the transaction
 * that runs on the calling thread, or one that commits by itself. Thread-safe.
 */
public final class ScanTable {
  private static final String MISSING = "42P01";
  private static final String COLUMNS =
      "name, kind, entity, condition, position, published, expected, per_second,"
          + " finished_at IS NOT NULL, problem, moved_at";

  private final DataSource dataSource;
  private final String table;

  /** In a schema. */
  public ScanTable(DataSource dataSource, String schema) {
    this.dataSource = dataSource;
    this.table = schema + ".entity_scan";
  }

  /** A kind of scan, as it is stored. */
  public enum Kind {
    /** Once through a table. */
    BACKFILL,
    /** Over and over. */
    POLLER;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * A row.
   *
   * @param name the scan's name among its kind
   * @param entity class name of the entity
   * @param condition JPQL, null for none
   * @param position null at the beginning
   * @param published how many entities so far
   * @param expected how many there were at the beginning, -1 if not counted yet
   * @param perSecond how many are published in a second at most
   * @param problem why it stands still, null if it does not
   * @param movedAt when it last moved
   */
  public record Row(
      String name,
      Kind kind,
      String entity,
      String condition,
      String position,
      long published,
      long expected,
      int perSecond,
      boolean finished,
      String problem,
      Instant movedAt) {}

  /** Every scan, in order of their names. */
  List<Row> all() throws SQLException {
    try {
      return read();
    } catch (SQLException e) {
      if (MISSING.equals(e.getSQLState())) {
        throw new SQLException(
            "there is no table " + table + "; expected that drivetrain's migrations have run", e);
      }
      throw e;
    }
  }

  private List<Row> read() throws SQLException {
    String sql = "SELECT " + COLUMNS + " FROM " + table + " ORDER BY kind, name";
    try (Connection connection = dataSource.getConnection();
        PreparedStatement query = connection.prepareStatement(sql);
        ResultSet result = query.executeQuery()) {
      List<Row> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(row(result));
      }
      return rows;
    }
  }

  /**
   * Adds a backfill, in place of a finished one of its name.
   *
   * @return false if one of its name is under way
   */
  boolean add(String name, String entity, String condition, int perSecond) throws SQLException {
    String sql =
        "INSERT INTO "
            + table
            + " AS t (name, kind, entity, condition, per_second) VALUES (?, 'backfill', ?, ?, ?)"
            + " ON CONFLICT (kind, name) DO UPDATE SET entity = excluded.entity,"
            + " condition = excluded.condition, per_second = excluded.per_second, position = NULL,"
            + " published = 0, expected = NULL, problem = NULL, finished_at = NULL,"
            + " next_at = clock_timestamp(), started_at = clock_timestamp(),"
            + " moved_at = clock_timestamp() WHERE t.finished_at IS NOT NULL";
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, name);
      insert.setString(2, entity);
      insert.setString(3, condition);
      insert.setInt(4, perSecond);
      return insert.executeUpdate() == 1;
    }
  }

  /** Makes a poller's row if it is not there. */
  void register(String poller, String entity) throws SQLException {
    String sql =
        "INSERT INTO "
            + table
            + " (name, kind, entity) VALUES (?, 'poller', ?) ON CONFLICT (kind, name) DO NOTHING";
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, poller);
      insert.setString(2, entity);
      insert.executeUpdate();
    }
  }

  /** Ends a backfill; returns whether there was one. */
  boolean cancel(String name) throws SQLException {
    String sql =
        "UPDATE "
            + table
            + " SET finished_at = clock_timestamp(), problem = 'cancelled'"
            + " WHERE kind = 'backfill' AND name = ? AND finished_at IS NULL";
    try (Connection connection = dataSource.getConnection();
        PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, name);
      return update.executeUpdate() == 1;
    }
  }

  /**
   * Locks a scan for the running transaction if it is due and no other node has it. The server ends
   * the session of a process that freezes with the lock, and bounds its waits for other locks.
   */
  Optional<Row> claim(Kind kind, String name) throws SQLException {
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM "
            + table
            + " WHERE kind = ? AND name = ? AND finished_at IS NULL AND next_at <= clock_timestamp()"
            + " FOR UPDATE SKIP LOCKED";
    try (Connection connection = dataSource.getConnection()) {
      try (Statement bounds = connection.createStatement()) {
        bounds.execute(
            "SET LOCAL idle_in_transaction_session_timeout = '10s'; SET LOCAL lock_timeout = '5s'");
      }
      try (PreparedStatement query = connection.prepareStatement(sql)) {
        query.setString(1, kind.word());
        query.setString(2, name);
        try (ResultSet result = query.executeQuery()) {
          return result.next() ? Optional.of(row(result)) : Optional.empty();
        }
      }
    }
  }

  /** The database's clock. */
  Instant now() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT clock_timestamp()")) {
      result.next();
      return result.getTimestamp(1).toInstant();
    }
  }

  /** The claimed scan has come further. */
  void moved(Row claimed, String position, int published, long expected, Duration pause)
      throws SQLException {
    String sql =
        "UPDATE "
            + table
            + " SET position = ?, published = published + ?, expected = ?, problem = NULL,"
            + " moved_at = clock_timestamp(),"
            + " next_at = clock_timestamp() + ? * interval '1 millisecond'"
            + " WHERE kind = ? AND name = ?";
    try (Connection connection = dataSource.getConnection();
        PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, position);
      update.setInt(2, published);
      update.setObject(3, expected < 0 ? null : expected, java.sql.Types.BIGINT);
      update.setLong(4, pause.toMillis());
      update.setString(5, claimed.kind().word());
      update.setString(6, claimed.name());
      update.executeUpdate();
    }
  }

  /** The claimed scan is done. */
  void finished(Row claimed) throws SQLException {
    String sql =
        "UPDATE "
            + table
            + " SET finished_at = clock_timestamp(), problem = NULL WHERE kind = ? AND name = ?";
    try (Connection connection = dataSource.getConnection();
        PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, claimed.kind().word());
      update.setString(2, claimed.name());
      update.executeUpdate();
    }
  }

  /** A scan cannot go on; it is tried again after a pause. */
  void stuck(Kind kind, String name, String problem, Duration pause) throws SQLException {
    String sql =
        "UPDATE "
            + table
            + " SET problem = ?, next_at = clock_timestamp() + ? * interval '1 millisecond'"
            + " WHERE kind = ? AND name = ? AND finished_at IS NULL";
    try (Connection connection = dataSource.getConnection();
        PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, problem);
      update.setLong(2, pause.toMillis());
      update.setString(3, kind.word());
      update.setString(4, name);
      update.executeUpdate();
    }
  }

  private static Row row(ResultSet result) throws SQLException {
    long expected = result.getLong(7);
    boolean counted = !result.wasNull();
    return new Row(
        result.getString(1),
        Kind.valueOf(result.getString(2).toUpperCase(java.util.Locale.ROOT)),
        result.getString(3),
        result.getString(4),
        result.getString(5),
        result.getLong(6),
        counted ? expected : -1,
        result.getInt(8),
        result.getBoolean(9),
        result.getString(10),
        result.getTimestamp(11).toInstant());
  }
}
