package io.drivetrain.outbox.internal.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Short transactions of Drivetrain's own threads, on which no JTA transaction runs. Thread-safe; a
 * connection never outlives a call.
 */
public final class Database {
  private static final Logger LOG = System.getLogger(Database.class.getName());

  /**
   * A process that freezes in a transaction keeps the locks of its rows, and who takes over waits
   * for them; so the server ends such a session after the time a lease lasts by default.
   */
  private static final String BOUND =
      "SET LOCAL idle_in_transaction_session_timeout = '10s'; SET LOCAL enable_seqscan = off";

  /**
   * READ COMMITTED because servers may preset another level. No sequential scans because statistics
   * of a queue are always stale: a plan made while it was empty scans the whole table later, and
   * draining falls by a factor of 50.
   */
  private static final String PREPARE = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; " + BOUND;

  /** Each run of each server has another. */
  private static final String SERVER =
      "(extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint::text";

  /**
   * One snapshot for all that follows. In order of the index or not at all: a plan that sorts would
   * first read the whole backlog.
   */
  private static final String PREPARE_READ =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; "
          + BOUND
          + "; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off;"
          + " SELECT pg_current_snapshot()::text, pg_backend_pid(), "
          + SERVER;

  /**
   * A marker must outlive a crash of the server, or afterwards both counters could go back behind
   * it: so its commit is flushed also where {@code synchronous_commit} is off. The row says whether
   * the transaction's id is still to be drawn.
   */
  private static final String PREPARE_WRITE =
      PREPARE
          + "; SELECT (pg_current_xact_id_if_assigned() IS NULL)::text, set_config('synchronous_commit',"
          + " CASE current_setting('synchronous_commit') WHEN 'off' THEN 'local'"
          + " ELSE current_setting('synchronous_commit') END, true)";

  /** The transaction's id, drawn here. */
  private static final String XID = "; SELECT pg_current_xact_id()::text, " + SERVER;

  private static final String NO_PRIVILEGE = "42501";

  /** How long to wait for another transaction of ours to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DataSource dataSource;
  private final Semaphore connections;
  private final String lastDrawn;

  /** Whether the role may look at the sequence; written and read by any thread. */
  private volatile boolean seesSequence = true;

  /**
   * Over the application's data source.
   *
   * @param connections how many of its connections are used at once, at most
   * @param lastDrawn a query for the row id that was last drawn, see {@link OutboxTable#lastDrawn}
   */
  public Database(DataSource dataSource, int connections, String lastDrawn) {
    this.dataSource = dataSource;
    this.connections = new Semaphore(connections, true);
    this.lastDrawn = lastDrawn;
  }

  /** What to do in a transaction. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T on(Connection connection) throws SQLException;
  }

  /** What to do in a transaction that is known by something. */
  @FunctionalInterface
  public interface WorkIn<M, T> {
    /** Does it. */
    T on(Connection connection, M mark) throws SQLException;
  }

  /** Runs work in a transaction: committed if it returns, rolled back if it throws. */
  public <T> T transaction(Work<T> work) throws SQLException {
    return run(PREPARE, (connection, nothing) -> work.on(connection));
  }

  /** Runs work in a transaction that reads in one snapshot, and cannot write. */
  public <T> T read(WorkIn<Snapshot, T> work) throws SQLException {
    return run(PREPARE_READ, (connection, said) -> work.on(connection, snapshot(said.get(0))));
  }

  private static Snapshot snapshot(List<String> said) {
    return Snapshot.parse(said.get(2), Integer.parseInt(said.get(1)), said.get(0));
  }

  /**
   * Runs work in a transaction that has its id, so that it marks a moment: committed if it returns,
   * rolled back if it throws.
   */
  public <T> T write(WorkIn<Marker, T> work) throws SQLException {
    if (seesSequence) {
      try {
        // In this order: what is drawn after the transaction's id must not be counted.
        return run(
            PREPARE_WRITE + "; " + lastDrawn + XID,
            (connection, said) ->
                work.on(connection, marker(said.get(0), said.get(1).get(0), said.get(2))));
      } catch (SQLException e) {
        if (!NO_PRIVILEGE.equals(e.getSQLState())) {
          throw e;
        }
        seesSequence = false;
      }
    }
    return run(
        PREPARE_WRITE + XID,
        (connection, said) -> work.on(connection, marker(said.get(0), null, said.get(1))));
  }

  private static Marker marker(List<String> begin, String drawn, List<String> xid) {
    if (!begin.get(0).equals("true")) {
      // A pool has lent a connection in the middle of something: its id may be older than any
      // row's.
      return Marker.NONE;
    }
    return new Marker(
        xid.get(1), Long.parseLong(xid.get(0)), drawn == null ? 0 : Long.parseLong(drawn));
  }

  private <T> T run(String prepare, WorkIn<List<List<String>>, T> work) throws SQLException {
    try {
      if (!connections.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new SQLTransientConnectionException(
            "none of the connections of draining became free in " + PATIENCE.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("interrupted while waiting for a connection", e);
    }
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      if (autoCommit) {
        connection.setAutoCommit(false);
      }
      boolean committed = false;
      try {
        T result = work.on(connection, prepare(connection, prepare));
        connection.commit();
        committed = true;
        return result;
      } finally {
        giveBack(connection, committed, autoCommit);
      }
    } finally {
      connections.release();
    }
  }

  /** Several statements in one round trip; returns the one row of each that has one. */
  private static List<List<String>> prepare(Connection connection, String statements)
      throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      boolean query = statement.execute(statements);
      while (query || statement.getUpdateCount() != -1) {
        if (query) {
          try (ResultSet result = statement.getResultSet()) {
            result.next();
            List<String> row = new ArrayList<>();
            for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
              row.add(result.getString(column));
            }
            rows.add(row);
          }
        }
        query = statement.getMoreResults();
      }
    }
    return rows;
  }

  private static void giveBack(Connection connection, boolean committed, boolean autoCommit) {
    try {
      if (!committed) {
        connection.rollback();
      }
      if (autoCommit) {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      // The connection is broken. The pool finds out on its own, and the failure that matters is
      // the one that led here.
      LOG.log(Level.DEBUG, () -> "A connection could not be given back clean: " + e);
    }
  }
}
