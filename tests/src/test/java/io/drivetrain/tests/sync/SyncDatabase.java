package io.drivetrain.tests.sync;

import io.drivetrain.migrations.Migrations;
import io.drivetrain.testkit.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** A database with the tables of {@link Item}, of effects and of Drivetrain, and a sequence. */
final class SyncDatabase {
  private final Postgres postgres;
  private final String name;

  private SyncDatabase(Postgres postgres, String name) {
    this.postgres = postgres;
    this.name = name;
  }

  static SyncDatabase create(Postgres postgres) {
    String name = postgres.createDatabase();
    new Migrations(postgres.dataSource(name), "drivetrain").migrate();
    postgres.execute(
        name,
        "create table item (id integer primary key, name varchar(20), amount integer,"
            + " price numeric(12,2), flag boolean not null, changed timestamptz);"
            + " create table effect (who text, partition int, off bigint);"
            + " create sequence change");
    return new SyncDatabase(postgres, name);
  }

  String jdbcUrl() {
    return postgres.jdbcUrl(name);
  }

  /** The same with a name by which the server knows a process's sessions. */
  String jdbcUrl(String application) {
    return jdbcUrl() + "?ApplicationName=" + application;
  }

  /** A lock on an item, held until it is closed. */
  Held lock(int item) {
    try {
      Connection connection = postgres.dataSource(name).getConnection();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("select 1 from item where id = " + item + " for update");
      }
      return connection::close;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is held until it is closed. */
  interface Held extends AutoCloseable {
    @Override
    void close() throws SQLException;
  }

  /** The applications whose scan waits for the lock of an item. */
  List<Object> scansThatWait() {
    return rows(
            "select application_name from pg_stat_activity where wait_event_type = 'Lock'"
                + " and datname = current_database() and query ilike 'select%from item%for%update%'")
        .stream()
        .map(row -> row.get("application_name"))
        .toList();
  }

  String user() {
    return postgres.user();
  }

  String password() {
    return postgres.password();
  }

  List<Map<String, Object>> rows(String sql, Object... parameters) {
    return postgres.rows(name, sql, parameters);
  }

  void execute(String sql) {
    postgres.execute(name, sql);
  }

  long number(String sql) {
    return ((Number) rows(sql).get(0).values().iterator().next()).longValue();
  }

  List<String> items() {
    return rows("select * from item order by id").stream().map(Map::toString).toList();
  }
}
