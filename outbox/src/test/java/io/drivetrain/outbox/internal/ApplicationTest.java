package io.drivetrain.outbox.internal;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.drivetrain.migrations.MigrationException;
import io.drivetrain.migrations.Migrations;
import io.drivetrain.migrations.internal.MigrationsHealth;
import io.drivetrain.migrations.internal.StartUp;
import io.drivetrain.outbox.Outbox;
import io.drivetrain.outbox.OutboxAdmin;
import io.drivetrain.outbox.OutboxAdmin.Scope;
import io.drivetrain.outbox.OutboxException;
import io.drivetrain.outbox.OutboxStatus;
import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Server;
import io.drivetrain.schema.settings.SettingsException;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An application with the outbox and its migrations, from deployment to undeployment. */
@UseKafka
@UsePostgres(own = true)
class ApplicationTest {
  private final KafkaBroker kafka;
  private final Postgres postgres;
  private final Map<String, Object> names = new HashMap<>();
  private final Map<String, String> settings = new HashMap<>();
  private String database;
  private AgroalDataSource dataSource;

  ApplicationTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeEach
  void create() {
    postgres.start();
    database = postgres.createDatabase();
    dataSource = Jta.pool(postgres, database);
    names.put("jdbc/shop", dataSource);
    settings.put("drivetrain.outbox.data-source", "jdbc/shop");
    settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
    // Other clients' settings must not reach the producer.
    settings.put("kafka.group.id", "shop");
    settings.put("kafka.acks", "1");
  }

  @AfterEach
  void close() {
    dataSource.close();
  }

  @Test
  void migrates_publishes_drains_and_gives_its_lease_back() throws Exception {
    Topic topic = kafka.newTopic("application", 1);
    settings.put("drivetrain.outbox.shards", "4");
    try (Server server = withMigrations()) {
      Outbox outbox = server.beans().select(Outbox.class).get();
      OutboxStatus status = server.beans().select(OutboxStatus.class).get();
      Jta.transaction(() -> outbox.publish(topic.name(), 1, bytes("v")));

      eventually(() -> assertThat(topic.values()).containsExactly("v"));
      eventually(
          () -> {
            assertThat(status.now().sent()).isEqualTo(1);
            assertThat(status.now().mine()).isTrue();
            assertThat(status.now().shards()).isEqualTo(4);
            assertThat(status.now().held()).isEqualTo(4);
            assertThat(status.now().depth()).isZero();
            assertThat(status.now().problem()).isEmpty();
          });
    }
    assertThat(
            postgres.rows(
                database, "select 1 from drivetrain.outbox_shard where lease_until > now()"))
        .isEmpty();
  }

  @Test
  void an_operator_pauses_this_node_at_once_and_outside_of_transactions_only() throws Exception {
    Topic topic = kafka.newTopic("operator", 1);
    settings.put("drivetrain.outbox.lease", "10m");
    try (Server server = withMigrations()) {
      Outbox outbox = server.beans().select(Outbox.class).get();
      OutboxAdmin admin = server.beans().select(OutboxAdmin.class).get();
      OutboxStatus status = server.beans().select(OutboxStatus.class).get();
      Jta.transaction(() -> outbox.publish(topic.name(), 1, bytes("1")));
      eventually(() -> assertThat(topic.values()).containsExactly("1"));

      admin.pause(Scope.everything(), "maintenance");

      eventually(() -> assertThat(status.now().problem().orElse("")).contains("maintenance"));
      Jta.transaction(() -> outbox.publish(topic.name(), 1, bytes("2")));
      admin.resume(Scope.everything());
      eventually(() -> assertThat(topic.values()).containsExactly("1", "2"));
      Jta.transaction(
          () ->
              assertThatThrownBy(() -> admin.retry(1))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("@Transactional(TxType.NOT_SUPPORTED)"));
    }
  }

  @Test
  void a_data_source_that_is_not_there_fails_the_deployment_with_its_key_and_name() {
    names.clear();

    assertRefused(
        this::withMigrations,
        SettingsException.class,
        "drivetrain.outbox.data-source is 'jdbc/shop'; expected the JNDI name of a data source");
    assertRefused(
        this::withoutMigrations,
        SettingsException.class,
        "drivetrain.outbox.data-source is 'jdbc/shop'; expected the JNDI name of a data source");
    settings.put("drivetrain.migrations.data-source", "jdbc/admin");
    assertRefused(
        this::withMigrations,
        SettingsException.class,
        "drivetrain.migrations.data-source is 'jdbc/admin'");
  }

  @Test
  void tables_that_are_not_there_fail_the_deployment_with_what_to_run() {
    assertRefused(
        this::withoutMigrations,
        OutboxException.class,
        "run: java -jar drivetrain-migrations-<version>-runner.jar migrate");
    settings.put("drivetrain.migrations.at-start", "validate");
    assertRefused(
        this::withMigrations,
        MigrationException.class,
        "run: java -jar drivetrain-migrations-<version>-runner.jar migrate");
    settings.put("drivetrain.migrations.at-start", "off");
    assertRefused(
        this::withMigrations,
        OutboxException.class,
        "run: java -jar drivetrain-migrations-<version>-runner.jar migrate");
  }

  @Test
  void tables_older_than_the_build_fail_the_deployment_with_what_to_run() {
    new Migrations(postgres.dataSource(database), "drivetrain").migrate();
    postgres.execute(database, "alter table drivetrain.outbox drop column attempts");

    assertRefused(
        this::withoutMigrations,
        OutboxException.class,
        "or older ones than this build needs; run: java -jar drivetrain-migrations-<version>");
  }

  @Test
  void wrong_settings_fail_the_deployment_with_a_sentence() {
    new Migrations(postgres.dataSource(database), "drivetrain").migrate();
    assertWrong("drivetrain.outbox.batchsize", "10", "did you mean drivetrain.outbox.batch-size?");
    assertWrong("drivetrain.outbox.batch-size", "0", "expected a whole number from 1 to 10000");
    assertWrong("drivetrain.outbox.shards", "65", "expected a whole number from 1 to 64");
    assertWrong("drivetrain.outbox.archive", "yes", "expected one of true, false");
    assertWrong("drivetrain.outbox.archive-days", "0", "expected a whole number from 1 to 36500");
    assertWrong("drivetrain.outbox.lease", "soon", "expected a duration such as 10s");
    assertWrong("drivetrain.outbox.lease", "1ms", "expected a duration of at least PT1S");
    assertWrong(
        "drivetrain.outbox.on-refused", "skip", "expected one of park, block-key, stop, drop");
    assertWrong(
        "drivetrain.outbox.topics.my.orders.on-refused",
        "skip",
        "drivetrain.outbox.topics.my.orders.on-refused is 'skip'; expected one of park, block-key");
    assertWrong(
        "drivetrain.outbox.topics.orders.on-refuse",
        "stop",
        "expected drivetrain.outbox.topics.<topic>.on-refused");
    assertWrong(
        "drivetrain.outbox.delivery",
        "exactly-once",
        "drivetrain.outbox.delivery is 'exactly-once'; expected one of idempotent, transactional");
    assertWrong("drivetrain.outbox.kafka.transactional.id", "mine", "cannot be set");
    assertWrong("drivetrain.outbox.compact", "yes", "expected one of true, false");
    assertWrong(
        "drivetrain.outbox.topics.orders.compact",
        "yes",
        "drivetrain.outbox.topics.orders.compact is 'yes'; expected one of true, false");
    assertWrong("drivetrain.outbox.schema", "Drop Table", "expected a schema name");
    assertWrong("drivetrain.outbox.kafka.acks", "1", "cannot be set");
    assertWrong("kafka.security.protocol", "NOISE", "security.protocol");
    assertWrong("kafka.partitioner", "crc32", "kafka.partitioner is 'crc32'; expected one of");
    assertWrong(
        "drivetrain.migrations.at-strat", "off", "did you mean drivetrain.migrations.at-start?");
    assertWrong(
        "drivetrain.migrations.at-start", "never", "expected one of migrate, validate, off");
    settings.remove("kafka.bootstrap.servers");
    assertRefused(
        this::withMigrations, SettingsException.class, "kafka.bootstrap.servers is not set");
  }

  @Test
  void a_database_that_is_away_is_waited_for_and_health_says_so() throws Exception {
    Topic topic = kafka.newTopic("away", 1);
    postgres.stop();
    try (Server server = withMigrations()) {
      OutboxStatus status = server.beans().select(OutboxStatus.class).get();
      assertThat(status.now().problem()).contains("waiting for database migrations");
      assertThat(server.beans().select(StartUp.class).get().problem())
          .startsWith("The database cannot be reached");
      assertThat(server.beans().select(OutboxBeans.class).get().writable()).isFalse();

      postgres.start();

      StartUp startUp = server.beans().select(StartUp.class).get();
      eventually(Duration.ofSeconds(60), () -> assertThat(startUp.problem()).isNull());
      Outbox outbox = server.beans().select(Outbox.class).get();
      Jta.transaction(() -> outbox.publish(topic.name(), 1, bytes("v")));
      eventually(Duration.ofSeconds(60), () -> assertThat(topic.values()).contains("v"));
      eventually(() -> assertThat(status.now().problem()).isEmpty());
      assertThat(server.beans().select(OutboxBeans.class).get().writable()).isTrue();
    }
  }

  @Test
  void a_node_may_write_and_not_drain() throws Exception {
    settings.put("drivetrain.outbox.drain", "false");
    settings.remove("kafka.bootstrap.servers");
    try (Server server = withMigrations()) {
      Outbox outbox = server.beans().select(Outbox.class).get();
      Jta.transaction(() -> outbox.publish("t", 1, bytes("v")));

      assertThat(postgres.count(database, "drivetrain.outbox")).isEqualTo(1);
    }
  }

  private Server withMigrations() {
    return Server.start(
        names,
        settings,
        StartUp.class,
        MigrationsHealth.class,
        OutboxBeans.class,
        OutboxHealth.class);
  }

  private Server withoutMigrations() {
    return Server.start(names, settings, OutboxBeans.class, OutboxHealth.class);
  }

  private void assertWrong(String key, String value, String sentence) {
    settings.put(key, value);
    assertRefused(this::withMigrations, SettingsException.class, sentence);
    settings.remove(key);
  }

  private static void assertRefused(
      ThrowingCallable start, Class<? extends Exception> type, String sentence) {
    assertThatThrownBy(start)
        .satisfies(
            failure -> {
              Throwable cause = failure;
              while (cause != null && !type.isInstance(cause)) {
                cause = cause.getCause();
              }
              assertThat(cause).as(String.valueOf(failure)).isNotNull();
              assertThat(cause.getMessage()).contains(sentence);
            });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
