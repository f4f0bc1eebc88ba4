package io.drivetrain.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A server with the shop for a test class, and the truth behind it: its database. The server's
 * directory stays in {@code target/servers} for whoever looks into a failure.
 */
public final class ShopServer implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);

  /**
   * A test of a crash need not wait for the 45 s that are Kafka's default; and what is held softly
   * goes with the next garbage collection, so that what is left can be counted.
   */
  private static final String JVM_ARGUMENTS =
      AppServer.QUICK_START
          + " -Dmp.messaging.connector.drivetrain.session.timeout.ms=15000"
          + " -XX:SoftRefLRUPolicyMSPerMB=0";

  private final Postgres postgres;
  private final String database;
  private final AppServer server;
  private final Shop shop;

  /**
   * Prepares a server; nothing runs yet.
   *
   * @param build the build directory of the server's module
   * @param test gives the server's directory its name
   * @param environment wins over what the shop's server has anyway
   */
  public ShopServer(
      AppServer.Factory factory,
      Path build,
      Class<?> test,
      KafkaBroker broker,
      Postgres postgres,
      String database,
      Map<String, String> environment) {
    this.postgres = postgres;
    this.database = database;
    Path directory = build.resolve("servers").resolve(test.getSimpleName());
    delete(directory);
    Map<String, String> all = new HashMap<>();
    all.put("JVM_ARGS", JVM_ARGUMENTS);
    all.put("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
    all.put("DATABASE_URL", postgres.jdbcUrl(database) + "?user=" + postgres.user());
    all.put("DATABASE_PASSWORD", postgres.password());
    all.putAll(environment);
    this.server = factory.create(directory, 0, all);
    this.shop = new Shop(server.uri(), server.health());
  }

  /** Starts the server and waits until the shop is deployed; its channels may still join. */
  public void start() {
    server.start();
    server.awaitApplication(START);
  }

  /** The server itself. */
  public AppServer process() {
    return server;
  }

  /** The shop over HTTP. */
  public Shop shop() {
    return shop;
  }

  /** Rows of the shop's database. */
  public List<Map<String, Object>> rows(String sql, Object... parameters) {
    return postgres.rows(database, sql, parameters);
  }

  /** Changes the shop's database, as another program does. */
  public void execute(String sql) {
    postgres.execute(database, sql);
  }

  /** How many rows a table of the shop's database has. */
  public long count(String table) {
    return postgres.count(database, table);
  }

  /** The numbers of the orders billed for a customer, in the order of the bills. */
  public List<Long> billed(String customer) {
    return rows("select order_id from bill where customer = ? order by number", customer).stream()
        .map(row -> (Long) row.get("order_id"))
        .toList();
  }

  /** Asserts that every order has exactly one bill and its reservation; stock agrees with both. */
  public void everythingIsDone() {
    long stored = count("shop_order");
    assertThat(rows("select order_id from bill")).as("bills").hasSize((int) stored);
    assertThat(count("reservation")).as("reservations").isEqualTo(stored);
    assertThat(rows("select 1 from shop_order o join bill b on b.order_id = o.id"))
        .as("orders with their bill")
        .hasSize((int) stored);
    assertThat(
            rows(
                "select s.item from stock s where s.reserved <> coalesce((select sum(quantity)"
                    + " from shop_order o where o.item = s.item), 0)"))
        .as("items whose stock does not agree with the orders")
        .isEmpty();
  }

  /** A connection to the shop's database. */
  public Connection connection() throws SQLException {
    return postgres.dataSource(database).getConnection();
  }

  @Override
  public void close() {
    server.close();
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
