package io.drivetrain.servers;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The sample shop with one command: a broker, a database and a server, each a process of its own,
 * until Ctrl-C. The main thread starts them; the shutdown hook stops them, also halfway through the
 * start.
 */
public final class Demo {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  private final String server;
  private final AppServer.Factory factory;
  private final PrintStream out;
  private final Map<String, String> environment;

  /** What runs, last started first; guarded by {@code this}. */
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  /** Set when stopping began: whatever is started later is closed at once; guarded by this. */
  private boolean stopping;

  private Demo(
      String server, AppServer.Factory factory, PrintStream out, Map<String, String> environment) {
    this.server = server;
    this.factory = factory;
    this.out = out;
    this.environment = environment;
  }

  /**
   * Runs the shop until the process is told to end.
   *
   * @param server the server as people call it
   */
  public static void run(String server, AppServer.Factory factory) {
    // What Kafka's client and PostgreSQL's installer have to say is not for whoever runs a demo.
    Logger.getLogger("").setLevel(Level.SEVERE);
    Demo demo = new Demo(server, factory, System.out, System.getenv());
    Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "drivetrain-demo-stop"));
    try {
      demo.start().awaitEnd();
      demo.failed(server + " has ended by itself.");
    } catch (RuntimeException e) {
      demo.failed(e.getMessage());
    }
  }

  private void failed(String reason) {
    if (!isStopping()) {
      out.println();
      out.println("  The shop does not run. " + reason);
    }
    // Runs the hook, so that nothing is left behind in this case either; waits for ever if the hook
    // runs already, so that Maven does not go on with its next module meanwhile.
    System.exit(1);
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  private AppServer start() {
    Map<String, String> settings = new HashMap<>();
    out.println();
    String brokers = environment.get("KAFKA_BOOTSTRAP_SERVERS");
    if (brokers == null) {
      out.println("  Starting a Kafka broker ...");
      KafkaBroker broker = opened(KafkaBroker.create());
      broker.start();
      brokers = broker.bootstrapServers();
      settings.put("KAFKA_BOOTSTRAP_SERVERS", brokers);
    }
    String database = environment.get("DATABASE_URL");
    if (database == null) {
      out.println("  Starting PostgreSQL ...");
      Postgres postgres = opened(Postgres.create());
      postgres.start();
      postgres.execute("postgres", "create database shop");
      database = postgres.jdbcUrl("shop") + "?user=" + postgres.user();
      settings.put("DATABASE_URL", database);
      settings.put("DATABASE_PASSWORD", postgres.password());
    }
    out.println("  Starting " + server + " with the shop ...");
    Path directory = temporaryDirectory();
    int port = Integer.parseInt(environment.getOrDefault("HTTP_PORT", "0"));
    AppServer shop = opened(factory.create(directory, port, settings));
    shop.start();
    shop.awaitApplication(START_TIMEOUT);
    announce(shop, brokers, database);
    return shop;
  }

  private Path temporaryDirectory() {
    try {
      Path directory = Files.createTempDirectory("drivetrain-shop-");
      opened(() -> delete(directory));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory", e);
    }
  }

  private void announce(AppServer shop, String brokers, String database) {
    out.println();
    out.println("  The shop is open:  " + shop.uri());
    out.println();
    out.println("  Try this:");
    out.println("    - place an order and follow it: outbox, event, reservation, bill");
    out.println("    - break billing for a customer, place orders for everybody, and watch one");
    out.println("      partition pause longer and longer while the others go on; then heal it");
    out.println("    - add and delete a customer: the table follows the topic");
    out.println(
        "    - curl -i -H 'Content-Type: application/json' -d"
            + " '{\"customer\":\"anna\",\"item\":\"lamp\",\"quantity\":2}' "
            + shop.uri()
            + "orders");
    out.println();
    out.println("  Health    " + shop.health());
    out.println("  Kafka     " + brokers);
    out.println("  Database  " + withoutPassword(database));
    out.println("  Log       " + shop.log());
    out.println();
    out.println("  Ctrl-C stops everything.");
  }

  private static String withoutPassword(String url) {
    return url.replaceAll("(?i)(password=)[^&]*", "$1***");
  }

  private synchronized <T extends AutoCloseable> T opened(T part) {
    if (stopping) {
      close(part);
      throw new IllegalStateException("stopped while starting");
    }
    running.push(part);
    return part;
  }

  private synchronized void stop() {
    stopping = true;
    out.println();
    out.println("  Stopping ...");
    while (!running.isEmpty()) {
      close(running.pop());
    }
    out.println("  Stopped; nothing is left behind.");
  }

  private void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      out.println("  Could not stop " + part + ": " + e.getMessage());
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }
}
