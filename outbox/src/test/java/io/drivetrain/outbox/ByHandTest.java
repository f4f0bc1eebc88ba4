package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.drivetrain.migrations.MigrationException;
import io.drivetrain.migrations.Migrations;
import io.drivetrain.migrations.internal.MigrationsHealth;
import io.drivetrain.migrations.internal.StartUp;
import io.drivetrain.outbox.fixture.Dba;
import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.LogLines;
import io.drivetrain.outbox.fixture.Server;
import io.drivetrain.outbox.internal.OutboxBeans;
import io.drivetrain.outbox.internal.OutboxHealth;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The tables are made and granted by hand, from the plain SQL files, in a schema of another name;
 * the application runs under a role that may do nothing else.
 */
@UseKafka
@UsePostgres
class ByHandTest {
  private static final String SCHEMA = "events_2";

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private String database;
  private Dba dba;

  ByHandTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeEach
  void create() {
    database = postgres.createDatabase();
    dba = new Dba(postgres, database, SCHEMA);
  }

  @Test
  void the_files_alone_make_what_flyway_makes() {
    String other = postgres.createDatabase();
    new Migrations(postgres.dataSource(other), SCHEMA).migrate();

    dba.createTables();

    for (String part : List.of(COLUMNS, CONSTRAINTS, INDEXES, OPTIONS, FUNCTIONS)) {
      assertThat(postgres.rows(database, part)).isNotEmpty().isEqualTo(postgres.rows(other, part));
    }
  }

  @Test
  void migrating_tables_made_by_hand_is_refused_and_changes_nothing() {
    dba.createTables();
    Migrations migrations = new Migrations(postgres.dataSource(database), SCHEMA);

    assertThatThrownBy(migrations::migrate)
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("baseline");
    assertThat(postgres.rows(database, HISTORY)).isEmpty();
  }

  @Test
  void with_the_documented_rights_alone_it_publishes_drains_and_parks() throws Exception {
    dba.createTables();
    String role = dba.createRole();
    Topic topic = kafka.newTopic("granted", 1);
    try (AgroalDataSource pool = Jta.pool(postgres.jdbcUrl(database), role, Dba.PASSWORD);
        LogLines log = LogLines.of("io.drivetrain");
        Server server = start(pool, "off")) {
      Outbox outbox = server.beans().select(Outbox.class).get();
      OutboxStatus status = server.beans().select(OutboxStatus.class).get();

      Jta.transaction(
          () -> {
            outbox.publish(topic.name(), "k", bytes("1"));
            outbox.message(topic.name()).key("k").value(bytes("2")).partition(7).publish();
            outbox.publish(topic.name(), "k", bytes("3"));
            outbox
                .message(topic.name())
                .key("k")
                .value(bytes("later"))
                .deliverAt(Instant.now().plusMillis(100))
                .publish();
          });

      eventually(() -> assertThat(topic.values()).containsExactly("1", "3", "later"));
      eventually(() -> assertThat(postgres.count(database, SCHEMA + ".outbox_dead")).isOne());
      eventually(() -> assertThat(postgres.count(database, SCHEMA + ".outbox")).isZero());
      assertThat(postgres.count(database, SCHEMA + ".outbox_archive")).isEqualTo(3);
      // Another number than there was: the shards were divided anew under this role.
      eventually(() -> assertThat(status.now().held()).isEqualTo(2));
      eventually(() -> assertThat(status.now().problem()).isEmpty());
      assertThat(log.lines()).noneMatch(line -> line.contains("permission denied"));
    }
    assertThat(postgres.rows(database, LEASED)).as("leases left behind").isEmpty();
    refuses(role, "create table " + SCHEMA + ".mine (id int)");
    refuses(role, "truncate " + SCHEMA + ".outbox");
    refuses(role, "update " + SCHEMA + ".outbox set topic = 'x'");
    refuses(role, "drop table " + SCHEMA + ".outbox_dead");
  }

  @Test
  void with_them_it_looks_at_the_version_that_flyway_has_left() throws Exception {
    new Migrations(postgres.dataSource(database), SCHEMA).migrate();
    String role = dba.createRole();
    try (AgroalDataSource pool = Jta.pool(postgres.jdbcUrl(database), role, Dba.PASSWORD);
        Server server = start(pool, "validate")) {
      assertThat(server.beans().select(StartUp.class).get().problem()).isNull();
    }
  }

  @Test
  void with_them_an_operator_does_everything() throws Exception {
    dba.createTables();
    String role = dba.createRole();
    Topic topic = kafka.newTopic("operated", 1);
    try (AgroalDataSource pool = Jta.pool(postgres.jdbcUrl(database), role, Dba.PASSWORD);
        Server server = start(pool, "off")) {
      Outbox outbox = server.beans().select(Outbox.class).get();
      OutboxAdmin admin = server.beans().select(OutboxAdmin.class).get();
      Jta.transaction(
          () -> {
            outbox.message(topic.name()).key("k").value(bytes("v")).partition(7).publish();
            outbox.message(topic.name()).key("l").value(bytes("v")).partition(7).publish();
          });
      eventually(() -> assertThat(admin.parked(OutboxAdmin.Filter.all())).hasSize(2));
      eventually(() -> assertThat(admin.pause(OutboxAdmin.Scope.shard(1), "looking")).isTrue());
      long first = admin.parked(OutboxAdmin.Filter.all()).get(0).id();

      assertThat(admin.peek(first)).isPresent();
      assertThat(admin.retry(first)).isTrue();
      // Both, if the first has been parked again already.
      assertThat(admin.retryTopic(topic.name())).isBetween(1, 2);
      postgres.execute(
          database,
          "insert into "
              + SCHEMA
              + ".outbox_blocked (topic, key, bucket, row_id) values (?, 'k', 1, ?)",
          topic.name(),
          first);
      assertThat(admin.blocked()).hasSize(1);
      assertThat(admin.unblock(topic.name(), "k")).isPresent();
      assertThat(admin.discard(first)).isFalse();
      assertThat(admin.pauses()).hasSize(1);
      assertThat(admin.resume(OutboxAdmin.Scope.shard(1))).isTrue();
    }
  }

  @Test
  void a_right_that_is_missing_is_told_with_its_table_and_nothing_is_sent_twice() throws Exception {
    dba.createTables();
    String role = dba.createRole();
    postgres.execute(database, "revoke delete on " + SCHEMA + ".outbox from " + role);
    Topic topic = kafka.newTopic("revoked", 1);
    try (AgroalDataSource pool = Jta.pool(postgres.jdbcUrl(database), role, Dba.PASSWORD);
        Server server = start(pool, "off")) {
      Outbox outbox = server.beans().select(Outbox.class).get();
      OutboxStatus status = server.beans().select(OutboxStatus.class).get();

      Jta.transaction(() -> outbox.publish(topic.name(), "k", bytes("v")));

      eventually(
          () ->
              assertThat(status.now().problem().orElse(""))
                  .contains("permission denied for table outbox"));
      assertThat(postgres.count(database, SCHEMA + ".outbox")).isOne();

      postgres.execute(database, "grant delete on " + SCHEMA + ".outbox to " + role);

      eventually(() -> assertThat(postgres.count(database, SCHEMA + ".outbox")).isZero());
      eventually(() -> assertThat(status.now().problem()).isEmpty());
      assertThat(topic.values()).containsExactly("v");
    }
  }

  private Server start(AgroalDataSource pool, String atStart) {
    return Server.start(
        Map.of("jdbc/shop", pool),
        Map.of(
            "drivetrain.outbox.data-source",
            "jdbc/shop",
            "drivetrain.outbox.schema",
            SCHEMA,
            "drivetrain.outbox.shards",
            "2",
            "drivetrain.outbox.lease",
            "2s",
            "drivetrain.outbox.archive",
            "true",
            "drivetrain.migrations.at-start",
            atStart,
            "kafka.bootstrap.servers",
            kafka.bootstrapServers()),
        StartUp.class,
        MigrationsHealth.class,
        OutboxBeans.class,
        OutboxHealth.class);
  }

  private void refuses(String role, String sql) {
    assertThatThrownBy(() -> postgres.execute(database, "set role " + role + "; " + sql))
        .hasMessageMatching("(?s).*(permission denied|must be owner).*");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final String NOT_FLYWAYS = " <> 'flyway_schema_history'";

  private static final String COLUMNS =
      "select table_name, column_name, ordinal_position, data_type, is_nullable, column_default,"
          + " identity_generation, is_generated from information_schema.columns where table_schema"
          + " = '"
          + SCHEMA
          + "' and table_name"
          + NOT_FLYWAYS
          + " order by 1, 3";

  private static final String CONSTRAINTS =
      "select conrelid::regclass::text as relation, conname, pg_get_constraintdef(oid) as definition"
          + " from pg_constraint where connamespace = '"
          + SCHEMA
          + "'::regnamespace and conname not like 'flyway%' order by 1, 2";

  private static final String INDEXES =
      "select indexname, indexdef from pg_indexes where schemaname = '"
          + SCHEMA
          + "' and tablename"
          + NOT_FLYWAYS
          + " order by 1";

  private static final String OPTIONS =
      "select relname, array_to_string(reloptions, ',') as options from pg_class where relnamespace"
          + " = '"
          + SCHEMA
          + "'::regnamespace and relname not like 'flyway%' order by 1";

  private static final String FUNCTIONS =
      "select proname, prosrc, prosecdef, array_to_string(proconfig, ',') as settings,"
          + " array_to_string(proacl, ',') as rights from pg_proc where pronamespace = '"
          + SCHEMA
          + "'::regnamespace order by 1";

  private static final String HISTORY =
      "select 1 from pg_class where relname = 'flyway_schema_history'";

  private static final String LEASED =
      "select 1 from " + SCHEMA + ".outbox_shard where lease_until > now()";
}
