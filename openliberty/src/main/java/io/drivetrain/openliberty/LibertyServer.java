package io.drivetrain.openliberty;

import io.drivetrain.servers.AppServer;
import io.drivetrain.servers.DiesWithParent;
import io.drivetrain.servers.LogFormat;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Open Liberty with the shop, or with another application, and this module's server.xml. */
public final class LibertyServer extends AppServer {
  private static final int FIRST_JAVA_WITH_OTHER_OPTIONS = 24;
  private static final String KAFKA_TRACE = "org.apache.kafka.*=error";

  /** Hibernate logs the stack of each row it cannot load, at INFO, while the database is away. */
  private static final String HIBERNATE_TRACE =
      ":org.hibernate.event.internal.DefaultLoadEventListener=warning";

  private static final LogFormat LOG =
      new LogFormat(
          Pattern.compile("CWWKZ000[13]I: Application (\\S+) (?:started|updated)"),
          Pattern.compile("CWWKZ0009I: The application (\\S+) has stopped"),
          Pattern.compile("(?:CWWKZ000[24]E|CWWKZ0012I).*?application (\\S+)"),
          Pattern.compile("\\] \\S+ \\S+ +E |\\b[A-Z]{4,5}\\d{4}E:").asPredicate());

  private final Path runtime;

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
      add();
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
    super("Open Liberty", directory, httpPort, environment);
    this.runtime = runtime;
    try {
      Files.createDirectories(home());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare a server in " + directory, e);
    }
  }

  /** The server's own directory, with {@code server.xml}, {@code apps} and {@code logs}. */
  @Override
  public Path home() {
    return directory().resolve("servers/shop");
  }

  @Override
  public Path log() {
    return directory().resolve("logs/messages.log");
  }

  @Override
  public URI health() {
    return uri().resolve("health/");
  }

  /** Adds configuration that wins over {@code server.xml}. */
  public void override(String name, String xml) {
    try {
      Path overrides = Files.createDirectories(home().resolve("configDropins/overrides"));
      write("<server>" + xml + "</server>", overrides.resolve(name + ".xml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In one step, for a running server may look at any time. */
  private void write(String xml, Path file) throws IOException {
    Path written = Files.writeString(home().resolve(file.getFileName() + ".new"), xml);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void configure(UnaryOperator<String> change) {
    try (InputStream xml = LibertyServer.class.getResourceAsStream("server.xml")) {
      String shipped = new String(xml.readAllBytes(), StandardCharsets.UTF_8);
      write(change.apply(shipped), home().resolve("server.xml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void watchDeployments() {
    override("watched", "<config updateTrigger='polled' monitorInterval='200ms'/>");
  }

  @Override
  public void closeIdleConnections() {
    override(
        "idle",
        "<dataSource id='shop'><connectionManager minPoolSize='0' maxIdleTime='1s' reapTime='1s'/>"
            + "</dataSource>");
  }

  @Override
  protected void add() {
    configure(LibertyServer::forThisEdition);
  }

  /** Only from the configuration: code that runs while it stops may need its files. */
  @Override
  protected void remove() {
    configure(xml -> forThisEdition(xml).replaceFirst("<webApplication [^>]*>", ""));
  }

  /**
   * Features of Jakarta EE 11 if {@code drivetrain.openliberty.ee} says so, and no provider of
   * persistence if {@code drivetrain.openliberty.persistence} says that the application has one.
   */
  private static String forThisEdition(String xml) {
    String edition =
        System.getProperty("drivetrain.openliberty.ee", "10").equals("11")
            ? xml.replace("servlet-6.0", "servlet-6.1")
                .replace("restfulWS-3.1", "restfulWS-4.0")
                .replace("cdi-4.0", "cdi-4.1")
                .replace("persistence-3.1", "persistence-3.2")
                .replace("concurrent-3.0", "concurrent-3.1")
            : xml;
    return System.getProperty("drivetrain.openliberty.persistence", "server").equals("application")
        ? edition
            .replace("persistence-3", "persistenceContainer-3")
            .replace(KAFKA_TRACE, KAFKA_TRACE + HIBERNATE_TRACE)
        : edition;
  }

  @Override
  protected Map<String, String> ownEnvironment() {
    return Map.of(
        "WLP_USER_DIR", directory().toString(),
        "LOG_DIR", log().getParent().toString(),
        "HTTP_PORT", Integer.toString(httpPort()));
  }

  @Override
  protected List<String> arguments() {
    String options =
        Runtime.version().feature() < FIRST_JAVA_WITH_OTHER_OPTIONS
            ? "java9.options"
            : "java24.options";
    List<String> arguments =
        new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC", "-Djava.awt.headless=true"));
    arguments.addAll(jvmArguments());
    arguments.addAll(
        List.of(
            "@" + runtime.resolve("lib/platform/java").resolve(options),
            "-javaagent:" + runtime.resolve("bin/tools/ws-javaagent.jar"),
            "-cp",
            runtime.resolve("bin/tools/ws-server.jar") + File.pathSeparator + launcher(),
            DiesWithParent.class.getName(),
            Long.toString(ProcessHandle.current().pid()),
            "com.ibm.ws.kernel.boot.cmdline.EnvCheck",
            "shop"));
    return arguments;
  }

  @Override
  protected LogFormat logFormat() {
    return LOG;
  }
}
