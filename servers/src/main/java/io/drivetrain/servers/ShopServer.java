package io.drivetrain.servers;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A server with the shop for a test class, and the truth behind it: its database. The server's
 * directory stays in {@code target/servers} for whoever looks into a failure.
 */
public final class ShopServer implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);

  private final Postgres postgres;
  private final String database;
  private final AppServer server;
  private final Shop shop;

  /**
   * Prepares a server; nothing runs yet.
   *
   * @param build the build directory of the server's module
   * @param test gives the server's directory its name
   */
  public ShopServer(
      AppServer.Factory factory,
      Path build,
      Class<?> test,
      KafkaBroker broker,
      Postgres postgres,
      String database) {
    this.postgres = postgres;
    this.database = database;
    Path directory = build.resolve("servers").resolve(test.getSimpleName());
    delete(directory);
    this.server =
        factory.create(
            directory,
            0,
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                "DATABASE_URL", postgres.jdbcUrl(database) + "?user=" + postgres.user(),
                "DATABASE_PASSWORD", postgres.password()));
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
