package io.drivetrain.wildfly;

import io.drivetrain.servers.AppServer;
import io.drivetrain.servers.DiesWithParent;
import io.drivetrain.servers.LogFormat;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** WildFly with the shop, or with other applications. */
public final class WildFlyServer extends AppServer {
  /**
   * What WEB-INF/jboss-deployment-structure.xml says for an application that is to use the
   * kafka-clients of its WAR, where WildFly's own would win.
   */
  public static final String OWN_KAFKA_CLIENTS =
      """
      <jboss-deployment-structure xmlns="urn:jboss:deployment-structure:1.3">
        <deployment>
          <exclusions>
            <module name="io.smallrye.reactive.messaging.connector.kafka"/>
          </exclusions>
        </deployment>
      </jboss-deployment-structure>
      """;

  private static final LogFormat LOG =
      new LogFormat(
          Pattern.compile(
              "WFLYSRV001[036]: (?:Deployed|Redeployed|Replaced deployment) \"([^\"]+)\\.war\""),
          Pattern.compile("WFLYSRV0009: Undeployed \"([^\"]+)\\.war\""),
          Pattern.compile("WFLYCTL0013: .*?\"deployment\" => \"([^\"]+)\\.war\""),
          Pattern.compile("^\\S+ \\S+ +(?:ERROR|SEVERE|FATAL) ").asPredicate());

  private final Path runtime;
  private final int managementPort = freePort();

  /**
   * Prepares the server of the sample shop; nothing runs yet.
   *
   * @param directory where the server keeps configuration, logs and transactions; made if missing
   * @param httpPort the port on 127.0.0.1, 0 for a free one
   * @param environment added to this process's environment
   */
  public WildFlyServer(
      Installation installation, Path directory, int httpPort, Map<String, String> environment) {
    this(installation.runtime(), directory, httpPort, environment);
    try {
      Files.copy(
          installation.war(),
          deployments().resolve("shop.war"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare a server in " + directory, e);
    }
  }

  /**
   * Prepares a server without an application: that is for the caller to put into {@link
   * #deployments()}.
   *
   * @param runtime WildFly's home directory, configured
   * @param directory as above
   * @param httpPort as above
   * @param environment as above
   */
  public WildFlyServer(
      Path runtime, Path directory, int httpPort, Map<String, String> environment) {
    super("WildFly", directory, httpPort, environment);
    this.runtime = runtime;
    try {
      Files.createDirectories(deployments());
      Path configuration = home().resolve("configuration");
      if (!Files.exists(configuration)) {
        copyTree(runtime.resolve("standalone/configuration"), configuration);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare a server in " + directory, e);
    }
  }

  /** The server's own base directory, with {@code configuration}, {@code log} and data. */
  @Override
  public Path home() {
    return directory().resolve("standalone");
  }

  /** Where the server looks for applications, also while it runs. */
  public Path deployments() {
    return home().resolve("deployments");
  }

  @Override
  public void watchDeployments() {
    edit(xml -> xml.replaceFirst("scan-interval=\"\\d+\"", "scan-interval=\"200\""));
  }

  /**
   * Changes its configuration file; call it before the start.
   *
   * @throws IllegalArgumentException if nothing changed
   */
  public void edit(UnaryOperator<String> change) {
    Path configuration = home().resolve("configuration/standalone-microprofile.xml");
    try {
      String before = Files.readString(configuration);
      String after = change.apply(before);
      if (after.equals(before)) {
        throw new IllegalArgumentException("nothing to change in " + configuration);
      }
      Files.writeString(configuration, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void closeIdleConnections() {
    cli()
        .online(
            managementPort,
            "/subsystem=datasources/data-source=shop:flush-idle-connection-in-pool");
  }

  /**
   * Changes its configuration; call it before the start.
   *
   * @param commands as in {@code bin/jboss-cli.sh}
   * @return what the command line answered
   */
  public String configure(String... commands) {
    return cli().offline(List.of(commands));
  }

  private CommandLine cli() {
    return new CommandLine(runtime, home());
  }

  @Override
  protected void add() {
    try {
      Files.move(home().resolve("shop.war"), deployments().resolve("shop.war"));
      Files.createFile(deployments().resolve("shop.war.dodeploy"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void remove() {
    try {
      Files.move(deployments().resolve("shop.war"), home().resolve("shop.war"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Path log() {
    return home().resolve("log/server.log");
  }

  @Override
  public URI health() {
    return URI.create("http://127.0.0.1:" + managementPort + "/health/");
  }

  @Override
  protected Map<String, String> ownEnvironment() {
    return Map.of();
  }

  @Override
  protected List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC", "-Djava.awt.headless=true"));
    arguments.addAll(opened());
    arguments.addAll(jvmArguments());
    arguments.addAll(
        List.of(
            "-Djboss.home.dir=" + runtime,
            "-Djboss.server.base.dir=" + home(),
            "-Djboss.bind.address=127.0.0.1",
            "-Djboss.bind.address.management=127.0.0.1",
            "-Djboss.http.port=" + httpPort(),
            "-Djboss.https.port=" + freePort(),
            "-Djboss.management.http.port=" + managementPort,
            "-Djboss.management.https.port=" + freePort(),
            "-Dlogging.configuration=" + home().resolve("configuration/logging.properties").toUri(),
            "-Dorg.jboss.boot.log.file=" + log(),
            "-cp",
            runtime.resolve("jboss-modules.jar") + File.pathSeparator + launcher(),
            DiesWithParent.class.getName(),
            Long.toString(ProcessHandle.current().pid()),
            "org.jboss.modules.Main",
            "-mp",
            runtime.resolve("modules").toString(),
            "org.jboss.as.standalone",
            "-c",
            "standalone-microprofile.xml"));
    return arguments;
  }

  /** What bin/common.sh of the distribution opens for the server's own modules. */
  private static List<String> opened() {
    List<String> options = new ArrayList<>();
    for (String exported :
        List.of(
            "java.desktop/sun.awt",
            "java.naming/com.sun.jndi.ldap",
            "java.naming/com.sun.jndi.url.ldap",
            "java.naming/com.sun.jndi.url.ldaps",
            "jdk.naming.dns/com.sun.jndi.dns")) {
      options.add("--add-exports=" + exported + "=ALL-UNNAMED");
    }
    for (String opened :
        List.of(
            "java.base/java.lang",
            "java.base/java.lang.invoke",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.net",
            "java.base/java.security",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.management/javax.management",
            "java.naming/javax.naming")) {
      options.add("--add-opens=" + opened + "=ALL-UNNAMED");
    }
    return options;
  }

  @Override
  protected LogFormat logFormat() {
    return LOG;
  }
}
