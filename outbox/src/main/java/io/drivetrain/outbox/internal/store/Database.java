package io.drivetrain.outbox.internal.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
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
   * One round trip. READ COMMITTED because servers may preset another level. No sequential scans
   * because statistics of a queue are always stale: a plan made while it was empty scans the whole
   * table later, and draining falls by a factor of 50.
   */
  private static final String PREPARE =
      "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL enable_seqscan = off";

  /** How long to wait for another transaction of ours to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DataSource dataSource;
  private final Semaphore connections;

  /**
   * Over the application's data source.
   *
   * @param connections how many of its connections are used at once, at most
   */
  public Database(DataSource dataSource, int connections) {
    this.dataSource = dataSource;
    this.connections = new Semaphore(connections, true);
  }

  /** What to do in a transaction. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T on(Connection connection) throws SQLException;
  }

  /** Runs work in a transaction: committed if it returns, rolled back if it throws. */
  public <T> T transaction(Work<T> work) throws SQLException {
    try {
      if (!connections.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new SQLTransientConnectionException(
            "none of the connections of draining became free in " + PATIENCE.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("interrupted while waiting for a connection", e);
    }
    try {
      return run(work);
    } finally {
      connections.release();
    }
  }

  private <T> T run(Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      if (autoCommit) {
        connection.setAutoCommit(false);
      }
      boolean committed = false;
      try {
        try (Statement statement = connection.createStatement()) {
          statement.execute(PREPARE);
        }
        T result = work.on(connection);
        connection.commit();
        committed = true;
        return result;
      } finally {
        giveBack(connection, committed, autoCommit);
      }
    }
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
      // the
      // one that led here.
      LOG.log(Level.DEBUG, () -> "A connection could not be given back clean: " + e);
    }
  }
}
