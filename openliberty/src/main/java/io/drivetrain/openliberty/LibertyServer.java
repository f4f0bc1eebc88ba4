package io.drivetrain.openliberty;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An Open Liberty server in a directory of its own, run as a child process that dies with this one.
 * May be started again after it stopped or was killed: the directory keeps what a server keeps. Not
 * thread-safe, except {@link #stop} and {@link #kill}, which a shutdown hook may call.
 */
public final class LibertyServer implements AutoCloseable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
  private static final long MILLIS_BETWEEN_LOOKS = 50;
  private static final int FIRST_JAVA_WITH_OTHER_OPTIONS = 24;
  private static final Pattern DEPLOYED =
      Pattern.compile("CWWKZ000[13]I: Application (\\S+) (?:started|updated)");
  private static final Pattern REFUSED =
      Pattern.compile("(?:CWWKZ000[24]E|CWWKZ0012I).*?application (\\S+)");

  private final Path runtime;
  private final Path directory;
  private final int httpPort;
  private final Map<String, String> environment;
  private volatile Process process;

  /**
   * Prepares the server of the sample shop; nothing runs yet.
   *
   * @param directory where the server keeps configuration, logs and transactions; made if missing
   * @param httpPort the port on 127.0.0.1, 0 for a free one
   * @param environment added to this process's environment
   */
  public LibertyServer(
      Installation installation, Path directory, int httpPort, Map<String, String> environment) {
    this(installation.runtime(), directory, httpPort, environment);
    try {
      Files.createDirectories(home().resolve("jdbc"));
      Files.createDirectories(home().resolve("apps"));
      try (InputStream xml = LibertyServer.class.getResourceAsStream("server.xml")) {
        Files.copy(xml, home().resolve("server.xml"), StandardCopyOption.REPLACE_EXISTING);
      }
      Files.copy(
          installation.driver(),
          home().resolve("jdbc/postgresql.jar"),
          StandardCopyOption.REPLACE_EXISTING);
      copyTree(installation.war(), home().resolve("apps/shop.war"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare a server in " + directory, e);
    }
  }

  /**
   * Prepares a server without a configuration: its {@code server.xml}, which reads the port from
   * the variable {@code http.port}, is for the caller to write into {@link #home()}.
   *
   * @param runtime Open Liberty's {@code wlp} directory
   * @param directory as above
   * @param httpPort as above
   * @param environment as above
   */
  public LibertyServer(
      Path runtime, Path directory, int httpPort, Map<String, String> environment) {
    this.runtime = runtime;
    this.directory = directory.toAbsolutePath();
    this.httpPort = httpPort == 0 ? freePort() : httpPort;
    this.environment = Map.copyOf(environment);
    try {
      Files.createDirectories(home());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare a server in " + directory, e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  /** The server's own directory, with {@code server.xml}, {@code apps} and {@code logs}. */
  public Path home() {
    return directory.resolve("servers/shop");
  }

  /** Where the server listens. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + httpPort + "/");
  }

  /** Adds configuration that wins over {@code server.xml}. */
  public void override(String name, String xml) {
    try {
      Path overrides = Files.createDirectories(home().resolve("configDropins/overrides"));
      // In one step, for a running server may look at any time.
      Path written =
          Files.writeString(home().resolve(name + ".xml"), "<server>" + xml + "</server>");
      Files.move(written, overrides.resolve(name + ".xml"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts the process and returns at once; see {@link #awaitApplication}.
   *
   * @throws IllegalStateException if it already runs
   */
  public void start() {
    if (isAlive()) {
      throw new IllegalStateException("the server already runs");
    }
    try {
      // What an earlier run wrote must not count as news of this one.
      Files.deleteIfExists(messagesLog());
      Files.createDirectories(directory.resolve("logs"));
      ProcessBuilder builder =
          new ProcessBuilder(command())
              .directory(home().toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(nullDevice()))
              .redirectOutput(directory.resolve("logs/console.log").toFile());
      builder.environment().putAll(environment);
      builder.environment().put("WLP_USER_DIR", directory.toString());
      builder.environment().put("LOG_DIR", directory.resolve("logs").toString());
      builder.environment().put("HTTP_PORT", Integer.toString(httpPort));
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start Open Liberty", e);
    }
  }

  private static File nullDevice() {
    return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
  }

  private List<String> command() {
    String options =
        Runtime.version().feature() < FIRST_JAVA_WITH_OTHER_OPTIONS
            ? "java9.options"
            : "java24.options";
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-Djava.awt.headless=true"));
    command.addAll(jvmArguments());
    command.addAll(
        List.of(
            "@" + runtime.resolve("lib/platform/java").resolve(options),
            "-javaagent:" + runtime.resolve("bin/tools/ws-javaagent.jar"),
            "-cp",
            runtime.resolve("bin/tools/ws-server.jar") + File.pathSeparator + ownClasses(),
            DiesWithParent.class.getName(),
            Long.toString(ProcessHandle.current().pid()),
            "shop"));
    return command;
  }

  /** JVM_ARGS, as Open Liberty's own start script takes it; for example a debugger's port. */
  private List<String> jvmArguments() {
    List<String> arguments = new ArrayList<>();
    for (Map<String, String> variables : List.of(environment, System.getenv())) {
      String given = variables.getOrDefault("JVM_ARGS", "").strip();
      arguments.addAll(given.isEmpty() ? List.of() : List.of(given.split("\\s+")));
    }
    return arguments;
  }

  private static Path ownClasses() {
    try {
      return Path.of(
          DiesWithParent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Waits until the application has been deployed.
   *
   * @throws IllegalStateException if it was refused, the process ended, or the time is over; the
   *     message holds the errors of the log
   */
  public void awaitApplication(Duration timeout) {
    if (!awaitDeployment("shop", timeout)) {
      throw new IllegalStateException("the application was refused:\n" + errors());
    }
  }

  /**
   * Waits until the server has either deployed or refused an application.
   *
   * @return whether it was deployed
   * @throws IllegalStateException if the process ended or the time is over
   */
  public boolean awaitDeployment(String application, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      boolean running = isAlive();
      String log = messages();
      if (names(DEPLOYED, log).contains(application)) {
        return true;
      }
      if (names(REFUSED, log).contains(application)) {
        return false;
      }
      if (!running) {
        throw new IllegalStateException("Open Liberty ended:\n" + errors() + console());
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            application + " was not deployed within " + timeout + ":\n" + errors());
      }
      try {
        Thread.sleep(MILLIS_BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while the server started", e);
      }
    }
  }

  private static List<String> names(Pattern pattern, String log) {
    List<String> names = new ArrayList<>();
    Matcher matcher = pattern.matcher(log);
    while (matcher.find()) {
      names.add(matcher.group(1).replaceAll("[.,]$", ""));
    }
    return names;
  }

  /** Waits until the process has ended, however long that takes. */
  public void awaitEnd() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** The log of the current or last run; empty before there is one. */
  public String messages() {
    return read(messagesLog());
  }

  /** The server's log; made anew at each start. */
  public Path messagesLog() {
    return directory.resolve("logs/messages.log");
  }

  private String console() {
    return read(directory.resolve("logs/console.log"));
  }

  private static String read(Path log) {
    try {
      return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String errors() {
    Predicate<String> error =
        Pattern.compile("\\] \\S+ \\S+ +E |\\b[A-Z]{4,5}\\d{4}E:").asPredicate();
    return String.join("\n", messages().lines().filter(error).toList());
  }

  /** Stops the server as an operator would, and kills it when it takes longer than 30 s. */
  public void stop() {
    Process running = process;
    if (running == null) {
      return;
    }
    running.destroy();
    await(running, STOP_TIMEOUT);
    kill();
  }

  /** Ends the process at once, as a crash would. */
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      await(running, STOP_TIMEOUT);
    }
  }

  private static void await(Process running, Duration timeout) {
    try {
      running.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops the server; its directory stays. */
  @Override
  public void close() {
    stop();
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(
            file,
            to.resolve(from.relativize(file).toString()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
