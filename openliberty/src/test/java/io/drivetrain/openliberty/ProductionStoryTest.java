package io.drivetrain.openliberty;

import io.drivetrain.servers.AppServer;
import io.drivetrain.servers.ShopServer;
import io.drivetrain.servers.TelemetryStory;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** TLS, encrypted secrets and MicroProfile Telemetry on Open Liberty. */
class ProductionStoryTest extends TelemetryStory {
  private static final String ENCRYPTION_KEY = "only-for-this-test";

  @Override
  protected ShopServer server(
      KafkaBroker broker, Postgres postgres, String database, Map<String, String> environment) {
    ShopServer server =
        Servers.with(ProductionStoryTest.class, broker, postgres, database, environment);
    boolean ee11 = System.getProperty("drivetrain.openliberty.ee", "10").equals("11");
    Servers.liberty(server)
        .override(
            "telemetry",
            "<featureManager><feature>"
                + (ee11 ? "mpTelemetry-2.1" : "mpTelemetry-2.0")
                + "</feature></featureManager>"
                + "<webApplication id='shop'><classloader apiTypeVisibility='+third-party'/>"
                + "</webApplication>");
    return server;
  }

  @Override
  protected void keep(AppServer server, String brokerPassword, String databasePassword)
      throws Exception {
    ((LibertyServer) server)
        .override(
            "secrets",
            "<variable name='wlp.password.encryption.key' value='"
                + ENCRYPTION_KEY
                + "'/><jndiEntry jndiName='shop/kafka-password' decode='true' value='"
                + encrypted(brokerPassword)
                + "'/><variable name='database.password' value='"
                + encrypted(databasePassword)
                + "'/>");
  }

  /** As bin/securityUtility does it. */
  private static String encrypted(String secret) throws IOException, InterruptedException {
    Process utility =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Installation.built().runtime().resolve("bin/tools/ws-securityutil.jar").toString(),
                "encode",
                "--encoding=aes",
                "--key=" + ENCRYPTION_KEY,
                secret)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer =
        new String(utility.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (utility.waitFor() != 0 || !answer.startsWith("{aes}")) {
      throw new IllegalStateException("not encrypted");
    }
    return answer;
  }

  /** Into files that are not thrown away when they are full. */
  @Override
  protected void logEverything(AppServer server, List<String> packages) {
    String all = packages.stream().map(name -> ":" + name + ".*=all").collect(Collectors.joining());
    ((LibertyServer) server)
        .override(
            "everything", "<logging maxFileSize='0' traceSpecification='*=info" + all + "'/>");
  }
}
