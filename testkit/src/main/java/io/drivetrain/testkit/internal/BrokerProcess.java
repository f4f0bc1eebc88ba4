package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka broker and controller in a JVM of its own, on the loopback address only. Not thread-safe;
 * its owner serialises the calls.
 */
public final class BrokerProcess implements Server {
  private static final Duration START_BOUND = Duration.ofSeconds(90);
  private static final Duration STOP_BOUND = Duration.ofSeconds(30);

  /** Where a broker of a cluster listens: for clients and other brokers, and for controllers. */
  private record Node(int id, int port, int controllerPort) {}

  /**
   * One more way into a broker than the plain one.
   *
   * @param name its name in server.properties
   * @param protocol a security protocol
   * @param host what clients are told to connect to; it listens on 127.0.0.1
   */
  public record Listener(String name, String protocol, String host, int port) {
    String bound() {
      return "," + name + "://127.0.0.1:" + port;
    }

    String advertised() {
      return "," + name + "://" + host + ":" + port;
    }
  }

  private final Node node;
  private final List<Node> cluster;
  private final String clusterId;
  private final List<Listener> listeners;
  private final Map<String, String> overrides;
  private final Path directory = Directories.create("drivetrain-kafka");
  private boolean formatted;
  private int starts;
  private Process process;
  private DeathWatch frozen;

  private BrokerProcess(
      Node node,
      List<Node> cluster,
      String clusterId,
      List<Listener> listeners,
      Map<String, String> overrides) {
    this.node = node;
    this.listeners = List.copyOf(listeners);
    this.cluster = cluster;
    this.clusterId = clusterId;
    this.overrides = Map.copyOf(overrides);
  }

  /**
   * Prepares a broker without starting it.
   *
   * @param overrides entries of server.properties that replace or extend ours
   */
  public static BrokerProcess alone(Map<String, String> overrides) {
    return alone(List.of(), overrides);
  }

  /**
   * Prepares a broker without starting it.
   *
   * @param listeners more ways into it than the plain one
   * @param overrides entries of server.properties that replace or extend ours
   */
  static BrokerProcess alone(List<Listener> listeners, Map<String, String> overrides) {
    return cluster(1, listeners, overrides).get(0);
  }

  /**
   * Prepares the brokers of one cluster without starting them; none serves before a majority of
   * them is started. Their node ids are 1, 2, and so on.
   *
   * @param overrides entries of every server.properties that replace or extend ours
   */
  public static List<BrokerProcess> cluster(int brokers, Map<String, String> overrides) {
    return cluster(brokers, List.of(), overrides);
  }

  private static List<BrokerProcess> cluster(
      int brokers, List<Listener> listeners, Map<String, String> overrides) {
    Deque<Integer> ports = new ArrayDeque<>(FreePorts.next(2 * brokers));
    List<Node> nodes = new ArrayList<>();
    for (int id = 1; id <= brokers; id++) {
      nodes.add(new Node(id, ports.pop(), ports.pop()));
    }
    String clusterId = Uuid.randomUuid().toString();
    return nodes.stream()
        .map(node -> new BrokerProcess(node, List.copyOf(nodes), clusterId, listeners, overrides))
        .toList();
  }

  @Override
  public HostPort address() {
    return new HostPort("127.0.0.1", node.port());
  }

  /** The id of the cluster that this broker's directory was formatted for. */
  public String clusterId() {
    return clusterId;
  }

  @Override
  public void start() {
    if (isRunning()) {
      return;
    }
    Path log = launch();
    boolean started =
        Patience.await(START_BOUND, () -> !process.isAlive() || says(log, "Kafka Server started"));
    if (started && process.isAlive()) {
      formatted = true;
      return;
    }
    kill();
    throw new IllegalStateException(
        "the broker did not start"
            + (started ? "" : " in " + START_BOUND.toSeconds() + " s")
            + "; the end of its log:\n"
            + tail(log));
  }

  private Path launch() {
    try {
      Path properties = directory.resolve("server.properties");
      try (Writer out = Files.newBufferedWriter(properties)) {
        properties().store(out, null);
      }
      // One log per start, so that an earlier start's "started" is not taken for this one's.
      Path log = directory.resolve("broker-" + ++starts + ".log");
      process =
          new ProcessBuilder(command(properties))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return log;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the broker's process", e);
    }
  }

  private List<String> command(Path properties) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            System.getProperty(
                    "drivetrain.testkit.broker.jvm-options",
                    "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1")
                .split(" +")));
    command.addAll(List.of("-cp", BrokerLibrary.classPath(), BrokerMain.class.getName()));
    command.addAll(
        List.of(
            properties.toString(),
            directory.toString(),
            Long.toString(ProcessHandle.current().pid())));
    if (!formatted) {
      command.add(clusterId);
    }
    return command;
  }

  private Properties properties() {
    Map<String, String> all = new TreeMap<>();
    all.put("process.roles", "broker,controller");
    all.put("node.id", Integer.toString(node.id()));
    all.put(
        "controller.quorum.voters",
        cluster.stream()
            .map(voter -> voter.id() + "@127.0.0.1:" + voter.controllerPort())
            .collect(Collectors.joining(",")));
    String plain = "PLAINTEXT://127.0.0.1:" + node.port();
    all.put(
        "listeners",
        plain
            + ",CONTROLLER://127.0.0.1:"
            + node.controllerPort()
            + joined(listeners, Listener::bound));
    all.put("advertised.listeners", plain + joined(listeners, Listener::advertised));
    all.put("controller.listener.names", "CONTROLLER");
    all.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"
            + joined(listeners, more -> "," + more.name() + ":" + more.protocol()));
    all.put("inter.broker.listener.name", "PLAINTEXT");
    all.put("log.dirs", directory.resolve("data").toString());
    all.putAll(BrokerDefaults.of(cluster.size()));
    all.putAll(overrides);
    Properties properties = new Properties();
    properties.putAll(all);
    return properties;
  }

  private static String joined(List<Listener> listeners, Function<Listener, String> part) {
    return listeners.stream().map(part).collect(Collectors.joining());
  }

  @Override
  public void stop() {
    end(false);
  }

  @Override
  public void kill() {
    end(true);
  }

  private void end(boolean forcibly) {
    if (process == null) {
      return;
    }
    resume();
    // Through the handle: Process.destroy would also close standard input, which the broker takes
    // for the death of this JVM, and a clean stop would become a halt.
    ProcessHandle handle = process.toHandle();
    boolean asked = forcibly ? handle.destroyForcibly() : handle.destroy();
    if (!exits(STOP_BOUND)) {
      handle.destroyForcibly();
      if (!exits(STOP_BOUND)) {
        throw new IllegalStateException(
            "broker process " + process.pid() + " does not end, asked " + asked);
      }
    }
    process = null;
  }

  private boolean exits(Duration bound) {
    try {
      return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the broker to end", e);
    }
  }

  @Override
  public void suspend() {
    if (!isRunning() || frozen != null) {
      return;
    }
    if (!DeathWatch.isPossible()) {
      throw new UnsupportedOperationException("Windows has no SIGSTOP");
    }
    // A stopped process cannot notice that this JVM died; the watch lets it go on then.
    frozen = DeathWatch.run("kill -CONT " + process.pid());
    DeathWatch.run("kill -STOP " + process.pid()).close();
  }

  @Override
  public void resume() {
    if (frozen != null) {
      frozen.close();
      frozen = null;
    }
  }

  @Override
  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  @Override
  public OptionalLong pid() {
    return isRunning() ? OptionalLong.of(process.pid()) : OptionalLong.empty();
  }

  @Override
  public void close() {
    // The data goes anyway, so nothing is gained by a clean stop, which takes over a second.
    kill();
    Directories.delete(directory);
  }

  private static boolean says(Path log, String words) {
    return read(log).contains(words);
  }

  private static String tail(Path log) {
    String text = read(log);
    return text.substring(Math.max(0, text.length() - 4_000));
  }

  private static String read(Path log) {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
