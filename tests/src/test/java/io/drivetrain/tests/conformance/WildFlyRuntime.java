package io.drivetrain.tests.conformance;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.servers.AppServer;
import io.drivetrain.wildfly.Installation;
import io.drivetrain.wildfly.WildFlyServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** WildFly as the module {@code wildfly} configures it. */
final class WildFlyRuntime extends ServerRuntime {
  /** As the module's own suites have it. */
  private static final boolean OWN_CLIENTS =
      "own".equals(System.getProperty("drivetrain.wildfly.kafka-clients"));

  private static final Duration START = Duration.ofMinutes(3);

  private final Path runtime;
  private final WildFlyServer server;

  private WildFlyRuntime(Path runtime, WildFlyServer server) {
    super(server);
    this.runtime = runtime;
    this.server = server;
  }

  /**
   * The server that the build has unpacked. Applications use its kafka-clients, or their own if
   * {@code drivetrain.wildfly.kafka-clients} is {@code own}.
   */
  static WildFlyRuntime configured() {
    Path runtime = Installation.built().runtime();
    WildFlyServer server =
        new WildFlyServer(
            runtime, emptied("wildfly"), 0, Map.of("JVM_ARGS", AppServer.QUICK_START));
    server.watchDeployments();
    return new WildFlyRuntime(runtime, server);
  }

  /** Waits, for what is refused while the server starts takes its readiness down for good. */
  @Override
  void start() {
    super.start();
    eventually(START, () -> assertThat(server.messages()).contains("WFLYSRV0025"));
  }

  @Override
  public String description() {
    return "WildFly " + runtime.getFileName().toString().replace("wildfly-", "");
  }

  @Override
  public String kafkaClients() {
    return OWN_CLIENTS
        ? Libraries.version("kafka-clients")
        : Libraries.version(
            "kafka-clients",
            runtime.resolve("modules/system/layers/base/org/apache/kafka/client/main"));
  }

  @Override
  void add(String name, Application application) throws IOException {
    Path war = server.deployments().resolve(name + ".war");
    War.write(application, war);
    if (OWN_CLIENTS) {
      Files.writeString(
          war.resolve("WEB-INF/jboss-deployment-structure.xml"), WildFlyServer.OWN_KAFKA_CLIENTS);
    }
    Files.createFile(marker(name, "dodeploy"));
  }

  /**
   * The files of the WAR stay: code that runs while it stops may need a class for the first time.
   * After a refusal the server starts again: it may keep the health checks of what it has refused,
   * and they are down for good.
   */
  @Override
  void remove(String name) throws IOException {
    Path failed = marker(name, "failed");
    Path deployed = marker(name, "deployed");
    // The server writes its log first.
    eventually(() -> assertThat(List.of(failed, deployed)).anyMatch(Files::exists));
    if (Files.exists(failed)) {
      server.stop();
      Files.delete(failed);
      start();
    } else {
      Files.delete(deployed);
    }
  }

  /** What the deployment scanner does with an exploded WAR is told by files beside it. */
  private Path marker(String name, String kind) {
    return server.deployments().resolve(name + ".war." + kind);
  }

  @Override
  String reason(String name, String log) {
    Pattern entry =
        Pattern.compile(
            "WFLYCTL0013: [^\\n]*\"" + name + "\\.war\".*?(?=\\n\\d{4}-\\d\\d-\\d\\d |\\z)",
            Pattern.DOTALL);
    Matcher matcher = entry.matcher(log);
    return matcher.find() ? matcher.group() : "nothing was said";
  }
}
