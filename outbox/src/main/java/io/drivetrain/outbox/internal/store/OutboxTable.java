package io.drivetrain.outbox.internal.store;

import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.ParkReason;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Every statement on the tables of events. Immutable and thread-safe; the caller brings the
 * connection and its transaction.
 */
public final class OutboxTable {

  /** Rows fetched first, to see how large they are; they must not fill the memory. */
  private static final int FIRST_ROWS = 50;

  /** Then rows of about so many bytes are fetched at once. */
  private static final int FETCH_BYTES = 4 << 20;

  /** Up to here the depth is counted; beyond, it is estimated. */
  private static final int COUNTED = 1_000;

  private static final String NO_ACTIVE_TRANSACTION = "25P01";

  /** Table, schema or column. */
  private static final Set<String> MISSING = Set.of("42P01", "3F000", "42703");

  private final String schema;
  private final String table;
  private final String lock;

  /** These are not private for the test of their plans. */
  final String insert;

  final String insertOne;
  final String read;

  final String delete;
  final String park;
  final String depth;

  /** For the tables of one schema, whose name is safe in SQL. */
  public OutboxTable(String schema) {
    this(schema, false);
  }

  /**
   * For the tables of one schema, whose name is safe in SQL.
   *
   * @param archive whether what is deleted is copied to the archive, in the same statement
   */
  public OutboxTable(String schema, boolean archive) {
    this.schema = schema;
    table = schema + ".outbox";
    String columns = "bucket, kpartition, ktimestamp, topic, key, payload, headers";
    // The condition makes the transaction id be drawn before any row's id, and the ids are drawn
    // above what orders the events: so they follow that order (PlansTest looks at it).
    insert =
        "INSERT INTO "
            + table
            + " ("
            + columns
            + ") SELECT "
            + columns
            + " FROM unnest(?::smallint[], ?::int[], ?::bigint[], ?::text[], ?::bytea[], ?::bytea[],"
            + " ?::bytea[]) WITH ORDINALITY AS event("
            + columns
            + ", ord) WHERE pg_current_xact_id() IS NOT NULL ORDER BY ord";
    // Most transactions publish one event, and without arrays it costs a sixth less.
    insertOne =
        "INSERT INTO "
            + table
            + " ("
            + columns
            + ") SELECT ?::smallint, ?::int, ?::bigint, ?::text, ?::bytea, ?::bytea, ?::bytea"
            + " WHERE pg_current_xact_id() IS NOT NULL";
    // The lock is the one that the INSERT takes anyway; PostgreSQL grants it in a transaction only.
    lock = "LOCK TABLE " + table + " IN ROW EXCLUSIVE MODE";
    // Where a read may begin is a matter of its own, see Cursor: ids are drawn at INSERT and
    // visible
    // at COMMIT, so a row may appear behind one that was read before.
    read =
        "SELECT id, topic, kpartition, ktimestamp, key, payload, headers FROM "
            + table
            + " WHERE id > ? AND bucket BETWEEN ? AND ? AND topic <> ALL(?) ORDER BY id LIMIT ?";
    // By id, never by range: a range deletes rows that became visible after the read.
    String plainDelete = "DELETE FROM " + table + " WHERE id = ANY(?)";
    delete =
        archive
            ? "WITH gone AS ("
                + plainDelete
                + " RETURNING id, created_at, "
                + columns
                + ") INSERT INTO "
                + schema
                + ".outbox_archive (id, created_at, "
                + columns
                + ") SELECT id, created_at, "
                + columns
                + " FROM gone"
            : plainDelete;
    park =
        "WITH gone AS (DELETE FROM "
            + table
            + " WHERE id = ANY(?) RETURNING id, created_at, coalesce(attempts, 0) + 1 AS attempts, "
            + columns
            + ") INSERT INTO "
            + schema
            + ".outbox_dead (id, reason, error, attempts, created_at, "
            + columns
            + ") SELECT id, why.reason, why.error, attempts, created_at, "
            + columns
            + " FROM gone JOIN unnest(?::bigint[], ?::smallint[], ?::text[])"
            + " AS why(id, reason, error) USING (id)";
    depth =
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM "
            + table
            + " WHERE id > ? ORDER BY id LIMIT "
            + (COUNTED + 1)
            + ") first), pg_stat_get_live_tuples(to_regclass('"
            + table
            + "')), (SELECT extract(epoch FROM clock_timestamp() - created_at) * 1000 FROM "
            + table
            + " WHERE id > ? ORDER BY id LIMIT 1), (SELECT count(*) FROM (SELECT 1 FROM "
            + schema
            + ".outbox_blocked LIMIT "
            + COUNTED
            + ") keys), pg_stat_get_dead_tuples(to_regclass('"
            + table
            + "'))";
  }

  /**
   * A query for the row id that was last drawn, null if none was. Not {@code last_value} of the
   * sequence: nextval writes 32 more there for a moment, when it logs them ahead, and a SELECT from
   * the sequence sees it; this function waits for the page's lock.
   */
  public static String lastDrawn(String schema) {
    return "SELECT pg_sequence_last_value('" + schema + ".outbox_id_seq'::regclass)";
  }

  /**
   * Inserts events so that their ids follow their order.
   *
   * @return the buckets they fell into, a bit for each
   */
  public long insert(Connection connection, List<EncodedMessage> messages) throws SQLException {
    return insert(connection, messages, "");
  }

  /**
   * The same, if the connection is in a transaction; the database is asked in the same round trip.
   *
   * @return empty if it is not, and then nothing was inserted
   */
  public OptionalLong insertIfInTransaction(Connection connection, List<EncodedMessage> messages)
      throws SQLException {
    try {
      return OptionalLong.of(insert(connection, messages, lock + "; "));
    } catch (SQLException e) {
      if (NO_ACTIVE_TRANSACTION.equals(e.getSQLState())) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  private long insert(Connection connection, List<EncodedMessage> messages, String before)
      throws SQLException {
    long fell = 0;
    for (List<EncodedMessage> chunk : EventArrays.chunks(messages)) {
      EventArrays events = EventArrays.of(chunk);
      boolean one = chunk.size() == 1;
      try (PreparedStatement statement =
          connection.prepareStatement(before + (one ? insertOne : insert))) {
        if (one) {
          events.setOnly(statement);
        } else {
          events.set(connection, statement);
        }
        statement.execute();
      }
      fell |= events.fell();
    }
    return fell;
  }

  /**
   * The oldest visible rows of a shard, in order of id.
   *
   * @param above ids up to this one are not looked at
   * @param without topics to leave out
   * @param limit how many rows to return at most
   * @param unwanted how many others there may be before and between them
   * @param maxBytes the batch ends with the row that reaches it
   * @param wanted rows to return; the others only count as read
   */
  public Found read(
      Connection connection,
      ShardRange range,
      long above,
      Collection<String> without,
      int limit,
      int unwanted,
      long maxBytes,
      LongPredicate wanted)
      throws SQLException {
    List<OutboxRow> rows = new ArrayList<>();
    long last = above;
    int seen = 0;
    long bytes = 0;
    try (PreparedStatement statement = connection.prepareStatement(read)) {
      statement.setFetchSize(FIRST_ROWS);
      statement.setLong(1, above);
      statement.setInt(2, range.firstBucket());
      statement.setInt(3, range.lastBucket());
      statement.setArray(4, connection.createArrayOf("text", without.toArray()));
      statement.setInt(5, limit + unwanted);
      try (ResultSet result = statement.executeQuery()) {
        while (rows.size() < limit && bytes < maxBytes && result.next()) {
          last = result.getLong(1);
          seen++;
          if (wanted.test(last)) {
            OutboxRow row = row(result);
            bytes += row.size();
            rows.add(row);
            if (rows.size() == FIRST_ROWS) {
              result.setFetchSize((int) Math.max(1, FETCH_BYTES / (bytes / FIRST_ROWS)));
            }
          }
        }
      }
    }
    boolean everything = rows.size() < limit && seen < limit + unwanted && bytes < maxBytes;
    return new Found(rows, everything ? Long.MAX_VALUE : last);
  }

  /**
   * What a read found.
   *
   * @param to up to which id nothing that was visible is left
   */
  public record Found(List<OutboxRow> rows, long to) {}

  private static OutboxRow row(ResultSet result) throws SQLException {
    return new OutboxRow(
        result.getLong(1),
        result.getString(2),
        result.getObject(3, Integer.class),
        result.getObject(4, Long.class),
        result.getBytes(5),
        result.getBytes(6),
        result.getBytes(7));
  }

  /** Deletes exactly these rows. */
  public int delete(Connection connection, List<Long> ids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(delete)) {
      statement.setArray(1, connection.createArrayOf("int8", ids.toArray(Long[]::new)));
      return statement.executeUpdate();
    }
  }

  /**
   * Makes the archive's days of the next week and drops those before the last ones.
   *
   * @param days how many to keep, beside today
   */
  public void keepArchive(Connection connection, int days) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT " + schema + ".outbox_archive_days(?)")) {
      statement.setInt(1, days);
      statement.execute();
    }
  }

  /** A row to park and why. */
  public record Parked(long id, ParkReason reason, String error) {}

  /** Moves exactly these rows to the parked ones, in one statement. */
  public int park(Connection connection, List<Parked> rows) throws SQLException {
    Array ids = connection.createArrayOf("int8", rows.stream().map(Parked::id).toArray());
    try (PreparedStatement statement = connection.prepareStatement(park)) {
      statement.setArray(1, ids);
      statement.setArray(2, ids);
      statement.setArray(
          3,
          connection.createArrayOf(
              "int2", rows.stream().map(row -> row.reason().code()).toArray()));
      statement.setArray(
          4, connection.createArrayOf("text", rows.stream().map(Parked::error).toArray()));
      return statement.executeUpdate();
    }
  }

  /**
   * How much waits.
   *
   * @param rows exact up to a thousand, then estimated by the server's statistics
   * @param blockedKeys how many keys are blocked, up to a thousand
   * @param deadRows how many rows are deleted and not vacuumed, as the server's statistics say
   */
  public record Depth(long rows, Optional<Duration> oldest, long blockedKeys, long deadRows) {
    /** Before anything was looked at. */
    public static final Depth UNKNOWN = new Depth(0, Optional.empty(), 0, 0);
  }

  /**
   * How much waits, without counting the table.
   *
   * @param above no row up to this id waits
   */
  public Depth depth(Connection connection, long above) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(depth)) {
      statement.setLong(1, above);
      statement.setLong(2, above);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        long counted = result.getLong(1);
        long rows = counted <= COUNTED ? counted : Math.max(counted, result.getLong(2));
        double age = result.getDouble(3);
        Optional<Duration> oldest =
            result.wasNull()
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Math.max(0, Math.round(age))));
        return new Depth(rows, oldest, result.getLong(4), result.getLong(5));
      }
    }
  }

  /** Whether the tables are there and no older than this build. */
  public boolean exists(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname ="
                + " 'attempts')")) {
      statement.setString(1, table);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() && result.getBoolean(1);
      }
    }
  }

  /** Whether the connection is in a transaction, asked of the database. */
  public boolean isInTransaction(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(lock);
      return true;
    } catch (SQLException e) {
      if (NO_ACTIVE_TRANSACTION.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** Whether a statement failed because tables or columns are not there. */
  public static boolean isMissing(SQLException e) {
    return MISSING.contains(String.valueOf(e.getSQLState()));
  }

  /** What to tell an operator then. */
  public static String missing(String schema) {
    return "The schema "
        + schema
        + " has no outbox tables, or older ones than this build needs; run: java -jar drivetrain-migrations-<version>-runner.jar migrate"
        + " (or add drivetrain-migrations to the application, which migrates when it starts)";
  }
}
