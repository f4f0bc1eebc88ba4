package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka broker and controller in a JVM of its own, on the loopback address only. Not thread-safe;
 * its owner serialises the calls.
 */
public final class BrokerProcess implements Server {
  private static final Duration START_BOUND = Duration.ofSeconds(90);

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
  private ChildProcess process;

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
    launch();
    boolean started =
        Patience.await(
            START_BOUND, () -> !process.isAlive() || process.says("Kafka Server started"));
    if (started && process.isAlive()) {
      formatted = true;
      return;
    }
    String said = process.tail();
    kill();
    throw new IllegalStateException(
        "the broker did not start"
            + (started ? "" : " in " + START_BOUND.toSeconds() + " s")
            + "; the end of its log:\n"
            + said);
  }

  private void launch() {
    Path properties = directory.resolve("server.properties");
    try (Writer out = Files.newBufferedWriter(properties)) {
      properties().store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the broker's properties", e);
    }
    // One log per start, so that an earlier start's "started" is not taken for this one's.
    Path log = directory.resolve("broker-" + ++starts + ".log");
    process = ChildProcess.start("broker", command(properties), directory, log);
  }

  private List<String> command(Path properties) {
    List<String> command = new ArrayList<>();
    command.add(ChildProcess.java());
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
    if (process != null) {
      process.end(forcibly);
      process = null;
    }
  }

  @Override
  public void suspend() {
    if (process != null) {
      process.suspend();
    }
  }

  @Override
  public void resume() {
    if (process != null) {
      process.resume();
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
}
