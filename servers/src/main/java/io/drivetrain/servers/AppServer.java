package io.drivetrain.servers;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An application server in a directory of its own, run as a child process that dies with this one.
 * May be started again after it stopped or was killed: the directory keeps what a server keeps. Not
 * thread-safe, except {@link #stop} and {@link #kill}, which a shutdown hook may call.
 */
public abstract class AppServer implements AutoCloseable {
  /** Makes a server of one kind; see {@link AppServer#AppServer}. */
  @FunctionalInterface
  public interface Factory {
    /** Prepares it; nothing runs yet. */
    AppServer create(Path directory, int httpPort, Map<String, String> environment);
  }

  /**
   * For JVM_ARGS of servers that live for seconds, as in tests: what the second compiler costs
   * never comes back.
   */
  public static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
  private static final long MILLIS_BETWEEN_LOOKS = 50;
  private static final int ANSWER_TIMEOUT_MILLIS = 5_000;

  private final String name;
  private final Path directory;
  private final int httpPort;
  private final Map<String, String> environment;
  private volatile Process process;

  /**
   * Prepares a server; nothing runs yet.
   *
   * @param name as people call it
   * @param directory where the server keeps configuration, logs and transactions; made if missing
   * @param httpPort the port on 127.0.0.1, 0 for a free one
   * @param environment added to this process's environment
   */
  protected AppServer(String name, Path directory, int httpPort, Map<String, String> environment) {
    this.name = name;
    this.directory = directory.toAbsolutePath();
    this.httpPort = httpPort == 0 ? freePort() : httpPort;
    this.environment = Map.copyOf(environment);
  }

  /** Its JVM's arguments after the executable. */
  protected abstract List<String> arguments();

  /** What its process finds in the environment beside what its user gave. */
  protected abstract Map<String, String> ownEnvironment();

  /** The server's own directory. */
  public abstract Path home();

  /** The server's log; made anew at each start. */
  public abstract Path log();

  /** What health checks are below, with a slash at the end. */
  public abstract URI health();

  /** How the log says what became of applications. */
  protected abstract LogFormat logFormat();

  /**
   * Lets the server notice while it runs what {@link #add} and {@link #remove} do. Call it before
   * the start.
   */
  public abstract void watchDeployments();

  /** Closes the connections to the database that nobody uses, within a minute. */
  public abstract void closeIdleConnections();

  /** Puts the shop, which was removed, where the server looks for applications. */
  protected abstract void add();

  /** Takes the shop from where the server looks for applications. */
  protected abstract void remove();

  /** As people call it. */
  public String name() {
    return name;
  }

  /** Where the server listens. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + httpPort + "/");
  }

  /** The directory given. */
  protected Path directory() {
    return directory;
  }

  /** The port of {@link #uri}. */
  protected int httpPort() {
    return httpPort;
  }

  /** A port nobody listens on now. */
  protected static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  /**
   * Starts the process and returns at once; see {@link #awaitApplication}.
   *
   * @throws IllegalStateException if it already runs
   */
  public void start() {
    if (isAlive()) {
      throw new IllegalStateException(name + " already runs");
    }
    try {
      // What an earlier run wrote must not count as news of this one.
      Files.deleteIfExists(log());
      Files.createDirectories(log().getParent());
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(arguments());
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(home().toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(nullDevice()))
              .redirectOutput(console().toFile());
      builder.environment().putAll(environment);
      builder.environment().putAll(ownEnvironment());
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  private static File nullDevice() {
    return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
  }

  /** JVM_ARGS, as servers' own start scripts take it; for example a debugger's port. */
  protected List<String> jvmArguments() {
    List<String> arguments = new ArrayList<>();
    for (Map<String, String> variables : List.of(environment, System.getenv())) {
      String given = variables.getOrDefault("JVM_ARGS", "").strip();
      arguments.addAll(given.isEmpty() ? List.of() : List.of(given.split("\\s+")));
    }
    return arguments;
  }

  /**
   * The class path entry with {@link DiesWithParent} and nothing else: the server's parents come
   * first, and would give an application their version of its own classes.
   */
  protected Path launcher() {
    String file = DiesWithParent.class.getName().replace('.', '/') + ".class";
    Path launcher = directory.resolve("launcher");
    try (InputStream bytes = DiesWithParent.class.getClassLoader().getResourceAsStream(file)) {
      Files.createDirectories(launcher.resolve(file).getParent());
      Files.copy(bytes, launcher.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      return launcher;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until the shop has been deployed and its page can be asked for: a server that starts
   * opens its port only after it has deployed all there is.
   *
   * @throws IllegalStateException if it was refused, the process ended, or the time is over; the
   *     message holds the errors of the log
   */
  public void awaitApplication(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!awaitDeployment("shop", timeout)) {
      throw new IllegalStateException("the application was refused:\n" + errors());
    }
    while (!isOpen()) {
      if (!isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            name + " does not answer at " + uri() + " within " + timeout + ":\n" + errors());
      }
      pause();
    }
  }

  private boolean isOpen() {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri().toURL().openConnection();
      connection.setConnectTimeout(ANSWER_TIMEOUT_MILLIS);
      connection.setReadTimeout(ANSWER_TIMEOUT_MILLIS);
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException notYet) {
      return false;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(MILLIS_BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the server", e);
    }
  }

  /**
   * Waits until the server has either deployed or refused an application.
   *
   * @return whether it was deployed
   * @throws IllegalStateException if the process ended or the time is over
   */
  public boolean awaitDeployment(String application, Duration timeout) {
    return awaitNews(application, 0, logFormat().deployed(), timeout);
  }

  /**
   * Waits until an application that was deployed has stopped.
   *
   * @throws IllegalStateException if the process ended or the time is over
   */
  public void awaitUndeployment(String application, Duration timeout) {
    awaitUndeployment(application, 0, timeout);
  }

  private void awaitUndeployment(String application, int known, Duration timeout) {
    if (!awaitNews(application, known, logFormat().undeployed(), timeout)) {
      throw new IllegalStateException(application + " was refused, not stopped:\n" + errors());
    }
  }

  /**
   * Undeploys the shop while the server runs and waits until it has stopped; see {@link
   * #watchDeployments}.
   *
   * @throws IllegalStateException if the process ended or the time is over
   */
  public void undeploy(Duration timeout) {
    int known = messages().length();
    remove();
    awaitUndeployment("shop", known, timeout);
  }

  /**
   * Deploys the shop again after {@link #undeploy} and waits until it has started.
   *
   * @throws IllegalStateException if it was refused, the process ended, or the time is over
   */
  public void deploy(Duration timeout) {
    int known = messages().length();
    add();
    if (!awaitNews("shop", known, logFormat().deployed(), timeout)) {
      throw new IllegalStateException("the application was refused:\n" + errors());
    }
  }

  /** Whether what the log says after a place in it is the news wanted; false if it is a refusal. */
  private boolean awaitNews(String application, int known, Pattern wanted, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      boolean running = isAlive();
      String log = messages();
      String messages = log.substring(Math.min(known, log.length()));
      // First: WildFly says "Deployed" also after it has refused.
      if (LogFormat.names(logFormat().refused(), application, messages)) {
        return false;
      }
      if (LogFormat.names(wanted, application, messages)) {
        return true;
      }
      if (!running) {
        throw new IllegalStateException(name + " ended:\n" + errors() + read(console()));
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            application + ": no news within " + timeout + ":\n" + errors());
      }
      pause();
    }
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
    return read(log());
  }

  private Path console() {
    return log().resolveSibling("console.log");
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String errors() {
    return logFormat().errors(messages());
  }

  /** The process; there is one from the first start on. */
  public long pid() {
    return process.pid();
  }

  /** Tells the server to stop, as an operator would, and returns at once. */
  public void tellToStop() {
    Process running = process;
    if (running != null) {
      running.destroy();
    }
  }

  /** Waits until the process has ended; false if it still runs when the time is over. */
  public boolean awaitEnd(Duration timeout) {
    Process running = process;
    return running == null || await(running, timeout);
  }

  /** Stops the server as an operator would, and kills it when it takes longer than 30 s. */
  public void stop() {
    tellToStop();
    awaitEnd(STOP_TIMEOUT);
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

  private static boolean await(Process running, Duration timeout) {
    try {
      return running.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Stops the server; its directory stays. */
  @Override
  public void close() {
    stop();
  }

  /** Copies a file or a directory with all in it over what is there. */
  protected static void copyTree(Path from, Path to) throws IOException {
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
