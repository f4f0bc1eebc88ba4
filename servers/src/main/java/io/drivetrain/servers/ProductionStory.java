package io.drivetrain.servers;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.SecuredKafkaBroker;
import io.drivetrain.testkit.SecuredKafkaBroker.Login;
import io.drivetrain.testkit.UsePostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The shop as in production: it logs in to its broker over TLS and to its database as a user of its
 * own, with passwords that the server keeps encrypted, a collector of OpenTelemetry watches it, and
 * the log is as talkative as it can be.
 */
@UsePostgres
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ProductionStory {
  private static final Duration BOUND = Duration.ofMinutes(2);

  private static final String DATABASE_USER = "production";

  private final String databasePassword = "p-" + UUID.randomUUID();

  private SecuredKafkaBroker secured;
  private Collector collector;
  private ShopServer server;
  private long order;

  /** Prepares the server under test, with MicroProfile Telemetry. */
  protected abstract ShopServer server(
      KafkaBroker broker, Postgres postgres, String database, Map<String, String> environment);

  /**
   * Puts the passwords where the server keeps secrets, encrypted as an operator would, so that JNDI
   * gives out the broker's as {@code shop/kafka-password} and the data source has the database's.
   */
  protected abstract void keep(AppServer server, String brokerPassword, String databasePassword)
      throws Exception;

  /** Lets the server log all that classes below these packages have to say. */
  protected abstract void logEverything(AppServer server, List<String> packages);

  @BeforeAll
  void start(Postgres postgres) throws Exception {
    secured = SecuredKafkaBroker.started();
    Stream.of("orders", "customers").map(secured.broker()::existingTopic).forEach(secured::allow);
    Stream.of("stock", "billing", "events", "customers")
        .forEach(channel -> secured.allowGroup("shop-" + channel));
    collector = new Collector();
    Map<String, String> environment = new HashMap<>(collector.environment());
    secured
        .clientProperties(Login.PLAIN_OVER_TLS)
        .forEach((key, value) -> environment.put(variable(key), withoutPassword(value)));
    String database = databaseThatAsksForAPassword(postgres);
    environment.put("DATABASE_URL", postgres.jdbcUrl(database) + "?user=" + DATABASE_USER);
    environment.put("DATABASE_PASSWORD", "not-this-one");
    assertThat(environment.values())
        .noneMatch(value -> value.contains(secured.password()) || value.contains(databasePassword));
    server = server(secured.broker(), postgres, database, environment);
    keep(server.process(), secured.password(), databasePassword);
    logEverything(server.process(), List.of("io.drivetrain", "org.apache.kafka"));
    server.start();
    eventually(BOUND, () -> assertThat(server.shop().health("ready").status()).isEqualTo(200));
    order = server.shop().place("anna", "lamp", 1);
    eventually(BOUND, server::everythingIsDone);
  }

  /** The server trusts all others on this machine; programs run where its files are. */
  private String databaseThatAsksForAPassword(Postgres postgres) {
    String database = postgres.createDatabase();
    postgres.execute(
        database, "create role " + DATABASE_USER + " login password '" + databasePassword + "'");
    postgres.execute(database, "alter database " + database + " owner to " + DATABASE_USER);
    postgres.execute(
        database,
        "copy (select 'host all "
            + DATABASE_USER
            + " all scram-sha-256') to program"
            + " 'cat - pg_hba.conf > pg_hba.new && mv pg_hba.new pg_hba.conf'");
    postgres.rows(database, "select pg_reload_conf()");
    eventually(
        () ->
            assertThatThrownBy(() -> connect(postgres, database, "not-this-one"))
                .hasMessageContaining("password authentication failed"));
    return database;
  }

  private static void connect(Postgres postgres, String database, String password)
      throws SQLException {
    DriverManager.getConnection(postgres.jdbcUrl(database), DATABASE_USER, password).close();
  }

  private String withoutPassword(String value) {
    return value.replace(secured.password(), "${jndi/shop/kafka-password}");
  }

  private static String variable(String property) {
    return "KAFKA_" + property.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  @AfterAll
  void stop() {
    Stream.of(server, collector, secured).filter(part -> part != null).forEach(this::close);
  }

  private void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** What watches the server. */
  Collector collector() {
    return collector;
  }

  @Test
  void the_server_logs_in_with_the_passwords_it_keeps() {
    assertThat(server.billed("anna")).contains(order);
  }

  @Test
  void the_passwords_are_in_no_log_at_its_finest_and_in_no_answer() throws IOException {
    String shown = logs() + server.shop().health("ready") + server.shop().state();

    assertThat(shown)
        .as("the log is as talkative as it can be")
        .contains("sasl.jaas.config = [hidden]", "Sending FETCH request");
    assertThat(shown.contains(secured.password())).as("the broker's is shown").isFalse();
    assertThat(shown.contains(databasePassword)).as("the database's is shown").isFalse();
  }

  private String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(server.process().log().getParent())) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }
}
