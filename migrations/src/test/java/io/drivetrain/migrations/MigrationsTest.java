package io.drivetrain.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tables of the drivetrain schema, and how a schema is brought to its version. */
@UsePostgres
class MigrationsTest {
  private final Postgres postgres;
  private String database;
  private Migrations migrations;

  MigrationsTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @BeforeEach
  void create() {
    database = postgres.createDatabase();
    migrations = new Migrations(postgres.dataSource(database), "drivetrain");
  }

  @Test
  void an_empty_database_gets_every_table() {
    assertThat(migrations.migrate()).isPositive();

    assertThat(tables("drivetrain"))
        .containsExactlyInAnyOrder(
            "flyway_schema_history",
            "entity_tombstone",
            "inbox_offset",
            "outbox",
            "outbox_archive",
            "outbox_blocked",
            "outbox_dead",
            "outbox_later",
            "outbox_node",
            "outbox_pause",
            "outbox_shard");
    SchemaState state = migrations.info();
    assertThat(state.pending()).isZero();
    assertThat(state.version()).contains(state.expected());
    migrations.validate();
  }

  @Test
  void migrating_again_changes_nothing() {
    migrations.migrate();
    List<?> before = history();

    assertThat(migrations.migrate()).isZero();

    assertThat(history()).isEqualTo(before);
  }

  @Test
  void nodes_that_start_at_once_migrate_once() throws Exception {
    ExecutorService nodes = Executors.newFixedThreadPool(5);
    try {
      List<Callable<Integer>> starts = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        starts.add(() -> new Migrations(postgres.dataSource(database), "drivetrain").migrate());
      }
      int applied = 0;
      for (Future<Integer> start : nodes.invokeAll(starts, 60, TimeUnit.SECONDS)) {
        applied += start.get();
      }

      assertThat(applied).isEqualTo(migrations.info().steps().size());
      migrations.validate();
    } finally {
      nodes.shutdownNow();
    }
  }

  @Test
  void the_schema_has_the_name_it_is_given() {
    new Migrations(postgres.dataSource(database), "events_2").migrate();

    assertThat(tables("events_2")).contains("outbox", "flyway_schema_history");
    assertThat(tables("drivetrain")).isEmpty();
  }

  @Test
  void the_applications_own_migrations_are_left_alone() {
    postgres.execute(database, "create table public.flyway_schema_history (mine int)");

    migrations.migrate();

    assertThat(
            postgres.rows(
                database,
                "select column_name from information_schema.columns"
                    + " where table_schema = 'public' and table_name = 'flyway_schema_history'"))
        .hasSize(1);
  }

  @Test
  void validate_refuses_an_empty_database_and_says_what_to_run() {
    assertThatThrownBy(migrations::validate)
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("The schema drivetrain is at no version")
        .hasMessageContaining("java -jar drivetrain-migrations-<version>-runner.jar migrate");
    assertThat(tables("drivetrain")).isEmpty();
  }

  @Test
  void a_schema_of_a_newer_build_is_refused() {
    migrations.migrate();
    postgres.execute(
        database,
        "insert into drivetrain.flyway_schema_history (installed_rank, version, description, type,"
            + " script, checksum, installed_by, execution_time, success) values"
            + " (99, '999', 'later', 'SQL', 'V999__later.sql', 1, 'x', 1, true)");

    for (org.assertj.core.api.ThrowableAssert.ThrowingCallable call :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            migrations::validate, migrations::migrate)) {
      assertThatThrownBy(call)
          .isInstanceOf(MigrationException.class)
          .hasMessageContaining("version 999, made by a newer Drivetrain")
          .hasMessageContaining("deploy the newer build");
    }
    assertThat(migrations.info().newer()).isTrue();
  }

  @Test
  void a_changed_migration_is_refused() {
    migrations.migrate();
    postgres.execute(
        database,
        "update drivetrain.flyway_schema_history set checksum = 1 where version is not null");

    assertThatThrownBy(migrations::validate)
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("is not as its migrations made it");
  }

  @Test
  void a_database_that_does_not_answer_is_told_from_a_wrong_schema() {
    org.postgresql.ds.PGSimpleDataSource nowhere = new org.postgresql.ds.PGSimpleDataSource();
    nowhere.setURL("jdbc:postgresql://127.0.0.1:1/nowhere");

    assertThatThrownBy(() -> new Migrations(nowhere, "drivetrain").migrate())
        .isInstanceOf(DatabaseAwayException.class)
        .hasMessageStartingWith("The database cannot be reached:");
  }

  @Test
  void the_queue_is_vacuumed_by_absolute_numbers() {
    migrations.migrate();

    assertThat(
            postgres
                .rows(
                    database,
                    "select array_to_string(reloptions, ',') as o from pg_class"
                        + " where oid = 'drivetrain.outbox'::regclass")
                .get(0)
                .get("o")
                .toString())
        .contains("autovacuum_vacuum_scale_factor=0", "vacuum_truncate=false");
    assertThat(
            postgres.rows(
                database,
                "select seqcache from pg_sequence"
                    + " where seqrelid = pg_get_serial_sequence('drivetrain.outbox','id')::regclass"
                    + " and seqcache = 1"))
        .hasSize(1);
  }

  private List<Object> tables(String schema) {
    return postgres
        .rows(
            database,
            "select table_name as t from information_schema.tables where table_schema = ?",
            schema)
        .stream()
        .map(row -> row.get("t"))
        .toList();
  }

  private List<?> history() {
    return postgres.rows(
        database, "select * from drivetrain.flyway_schema_history order by installed_rank");
  }
}
