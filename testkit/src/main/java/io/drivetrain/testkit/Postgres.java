package io.drivetrain.testkit;

import io.drivetrain.testkit.internal.Server;
import io.drivetrain.testkit.internal.Servers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL server that a test may take away and bring back: a process of its own on
 * 127.0.0.1, or a container. It keeps its address and its data until it is closed, and ends with
 * the JVM that started it, however that ends. Each test should take a fresh database. Thread-safe.
 */
public final class Postgres implements AutoCloseable {
  private static final String MAINTENANCE_DATABASE = "postgres";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final Server server;

  private Postgres(Server server) {
    this.server = server;
  }

  /** A server that is not started; its address is fixed already. */
  public static Postgres create() {
    return new Postgres(Servers.postgres());
  }

  /** A server that serves. */
  public static Postgres started() {
    Postgres postgres = create();
    postgres.start();
    return postgres;
  }

  /** The server's host. */
  public String host() {
    return server.address().host();
  }

  /** The server's port; the same for the server's whole life. */
  public int port() {
    return server.address().port();
  }

  /** A user who may do everything. */
  public String user() {
    return "postgres";
  }

  /** That user's password. */
  public String password() {
    return "postgres";
  }

  /** Starts it with the data it has and returns when it serves; does nothing if it runs. */
  public synchronized void start() {
    server.start();
  }

  /** Ends it (connections are cut, data is kept) and returns when it is gone. */
  public synchronized void stop() {
    server.stop();
  }

  /** Ends it as a crash would (SIGKILL) and returns when it is gone. */
  public synchronized void kill() {
    server.kill();
  }

  /** Ends it if it runs, and starts it with the same data at the same address. */
  public synchronized void restart() {
    stop();
    start();
  }

  /** Whether it was started and is still there. */
  public synchronized boolean isRunning() {
    return server.isRunning();
  }

  /** The server process's id while it runs; empty for a container. */
  public synchronized OptionalLong pid() {
    return server.pid();
  }

  /** Creates an empty database and returns its name. */
  public String createDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    execute(MAINTENANCE_DATABASE, "create database " + name);
    return name;
  }

  /** The JDBC URL of a database, without user and password. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://" + server.address() + "/" + database;
  }

  /** A data source without a pool: each connection is a new one. */
  public DataSource dataSource(String database) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(jdbcUrl(database));
    source.setUser(user());
    source.setPassword(password());
    return source;
  }

  /**
   * The rows of a query, each from column label to value, as the driver gives them.
   *
   * @param sql a query with {@code ?} for each parameter
   * @throws IllegalStateException if the database refuses it
   */
  public List<Map<String, Object>> rows(String database, String sql, Object... parameters) {
    return run(
        database,
        sql,
        parameters,
        statement -> {
          try (ResultSet results = statement.executeQuery()) {
            return read(results);
          }
        });
  }

  /**
   * How many rows a table has.
   *
   * @param table a table's name, with its schema if it needs one; goes into the SQL as it is
   */
  public long count(String database, String table) {
    return (Long) rows(database, "select count(*) as n from " + table).get(0).get("n");
  }

  /**
   * Runs one statement in a transaction of its own.
   *
   * @return the number of rows it changed
   * @throws IllegalStateException if the database refuses it
   */
  public int execute(String database, String sql, Object... parameters) {
    return run(
        database,
        sql,
        parameters,
        statement -> {
          statement.execute();
          return statement.getUpdateCount();
        });
  }

  /** Ends it and removes its data. */
  @Override
  public synchronized void close() {
    server.close();
  }

  @Override
  public String toString() {
    return "PostgreSQL at " + server.address();
  }

  private <T> T run(String database, String sql, Object[] parameters, Work<T> work) {
    try (Connection connection = dataSource(database).getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return work.on(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  private static List<Map<String, Object>> read(ResultSet results) throws SQLException {
    ResultSetMetaData columns = results.getMetaData();
    List<Map<String, Object>> rows = new ArrayList<>();
    while (results.next()) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        row.put(columns.getColumnLabel(i), results.getObject(i));
      }
      rows.add(Collections.unmodifiableMap(row));
    }
    return rows;
  }

  private interface Work<T> {
    T on(PreparedStatement statement) throws SQLException;
  }
}
