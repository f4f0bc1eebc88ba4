package io.drivetrain.tests.sync;

import io.drivetrain.migrations.Migrations;
import io.drivetrain.testkit.Postgres;
import java.util.List;
import java.util.Map;

/** A database with the tables of {@link Item}, of effects and of Drivetrain. */
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
            + " create table effect (who text, partition int, off bigint)");
    return new SyncDatabase(postgres, name);
  }

  String jdbcUrl() {
    return postgres.jdbcUrl(name);
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
