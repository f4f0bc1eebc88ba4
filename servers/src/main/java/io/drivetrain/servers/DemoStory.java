package io.drivetrain.servers;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one-command demo as a process of its own. */
public abstract class DemoStory {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration STOP = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private Process demo;

  private final Class<?> main;
  private final String buildProperty;

  /**
   * The demo of one server.
   *
   * @param main its main class
   * @param buildProperty the system property that names the build directory of its module
   */
  protected DemoStory(Class<?> main, String buildProperty) {
    this.main = main;
    this.buildProperty = buildProperty;
  }

  @AfterEach
  void end() throws InterruptedException {
    if (demo != null) {
      demo.destroy();
      demo.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
      demo.destroyForcibly();
    }
  }

  @Test
  void it_opens_the_shop_and_leaves_no_process_port_or_directory_behind() throws Exception {
    start(Map.of());
    URI shop = opened();
    assertThat(new Shop(shop, shop).get("").body()).contains("Drivetrain");
    List<ProcessHandle> children = demo.descendants().toList();
    List<Integer> ports = List.of(shop.getPort(), port("Kafka .*"), port("Database .*"));
    assertThat(ports).allMatch(DemoStory::isOpen);

    demo.destroy();

    assertThat(demo.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)).as("it ended").isTrue();
    assertThat(output()).contains("nothing is left behind");
    eventually(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    assertThat(ports).noneMatch(DemoStory::isOpen);
    assertThat(left()).as("besides programs unpacked once for all runs").isEmpty();
  }

  @Test
  void no_process_survives_when_it_is_killed() throws Exception {
    start(Map.of());
    URI shop = opened();
    List<ProcessHandle> children = demo.descendants().toList();
    List<Integer> ports = List.of(shop.getPort(), port("Kafka .*"), port("Database .*"));

    demo.destroyForcibly();

    assertThat(demo.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)).isTrue();
    eventually(STOP, () -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    eventually(STOP, () -> assertThat(ports).noneMatch(DemoStory::isOpen));
  }

  /**
   * Brokers and databases named by the environment. Not a test of every server: what is asked is
   * the same code on all of them.
   */
  protected void serversOfOnesOwnAreUsedAndLeftAlone() throws Exception {
    try (KafkaBroker broker = KafkaBroker.started();
        Postgres postgres = Postgres.started()) {
      String database = postgres.createDatabase();
      start(
          Map.of(
              "KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
              "DATABASE_URL", postgres.jdbcUrl(database) + "?user=" + postgres.user(),
              "DATABASE_PASSWORD", postgres.password()));
      URI uri = opened();
      Shop shop = new Shop(uri, uri);
      assertThat(demo.descendants()).as("only the server").hasSize(1);

      eventually(() -> shop.place("anna", "lamp", 1));
      eventually(() -> assertThat(postgres.count(database, "bill")).isEqualTo(1));
      assertThat(output()).doesNotContain("Starting a Kafka broker", "Starting PostgreSQL");

      demo.destroy();

      assertThat(demo.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(postgres.count(database, "bill")).isEqualTo(1);
      assertThat(broker.existingTopic("orders").records()).hasSize(1);
    }
  }

  private void start(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + directory,
                "-D" + buildProperty + "=" + System.getProperty(buildProperty),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName())
            .redirectErrorStream(true)
            .redirectOutput(log().toFile());
    builder
        .environment()
        .merge("JVM_ARGS", AppServer.QUICK_START, (given, quick) -> quick + " " + given);
    builder.environment().putAll(environment);
    demo = builder.start();
  }

  private Path log() {
    return directory.resolve("demo.log");
  }

  private String output() throws IOException {
    return Files.readString(log());
  }

  private URI opened() {
    Pattern open = Pattern.compile("The shop is open: +(\\S+)");
    URI[] uri = new URI[1];
    eventually(
        START,
        () -> {
          Matcher matcher = open.matcher(output());
          assertThat(matcher.find()).as(output()).isTrue();
          uri[0] = URI.create(matcher.group(1));
          assertThat(output()).contains("Ctrl-C");
        });
    return uri[0];
  }

  private int port(String line) throws IOException {
    Matcher matcher =
        Pattern.compile("^ +" + line + "127\\.0\\.0\\.1:(\\d+)", Pattern.MULTILINE)
            .matcher(output());
    assertThat(matcher.find()).as(output()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private static boolean isOpen(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** What is left in the temporary directory of the demo. */
  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("demo.log"))
          .filter(name -> !name.startsWith("embedded-pg"))
          .filter(name -> !name.startsWith("drivetrain-testkit-"))
          .filter(name -> !name.startsWith("hsperfdata"))
          .sorted()
          .toList();
    }
  }
}
