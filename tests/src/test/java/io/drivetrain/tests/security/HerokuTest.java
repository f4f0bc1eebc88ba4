package io.drivetrain.tests.security;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.SecuredKafkaBroker;
import io.drivetrain.testkit.SecuredKafkaBroker.Login;
import io.drivetrain.tests.security.SecuredApp.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An application that is told of its brokers as Heroku does: by four environment variables. */
@ExtendWith(SecuredKafka.class)
class HerokuTest {
  private final SecuredKafkaBroker secured;
  private final Place place;
  private final Path log;

  HerokuTest(SecuredKafkaBroker secured, @TempDir Path directory) {
    this.secured = secured;
    this.place = Place.allowedAt(secured);
    this.log = directory.resolve("log");
  }

  /** The broker answers at an address that its certificate does not name, as Heroku's do. */
  private Map<String, String> environment() {
    Map<String, String> client = secured.clientProperties(Login.PEM_TEXT);
    String broker = client.get("bootstrap.servers").replace("localhost", "127.0.0.1");
    return new HashMap<>(
        Map.of(
            "KAFKA_URL", "kafka+ssl://" + broker,
            "KAFKA_TRUSTED_CERT", client.get("ssl.truststore.certificates"),
            "KAFKA_CLIENT_CERT", client.get("ssl.keystore.certificate.chain"),
            "KAFKA_CLIENT_CERT_KEY", rsaKey(client.get("ssl.keystore.key"))));
  }

  /** The form of OpenSSL's that Heroku gives; in PKCS #8 it comes after 26 bytes of header. */
  private static String rsaKey(String pkcs8) {
    byte[] key =
        Base64.getMimeDecoder()
            .decode(pkcs8.replaceAll("-----[A-Z ]+-----", "").getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN RSA PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(Arrays.copyOfRange(key, 26, key.length))
        + "\n-----END RSA PRIVATE KEY-----";
  }

  private Process start(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            HerokuMain.class.getName(),
            place.source().name(),
            place.target().name());
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private String log() {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void end(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  @Test
  void it_reads_and_writes_and_shows_nothing_of_its_key() throws Exception {
    place.source().sendAll(0, List.of("a"));
    Map<String, String> environment = environment();

    Process process = start(environment);
    try {
      eventually(
          Duration.ofSeconds(120),
          () -> assertThat(place.target().values()).as(this::log).containsExactly("a"));
    } finally {
      end(process);
    }
    assertThat(log()).contains("ssl.keystore.key = [hidden]");
    for (String line : environment.get("KAFKA_CLIENT_CERT_KEY").split("\n")) {
      assertThat(line.startsWith("-----") || !log().contains(line)).as(line).isTrue();
    }
  }

  @Test
  void it_is_not_deployed_when_a_variable_is_missing() throws Exception {
    Map<String, String> environment = environment();
    environment.remove("KAFKA_CLIENT_CERT");

    Process process = start(environment);
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(this::log).isTrue();
    } finally {
      end(process);
    }

    assertThat(process.exitValue()).isNotZero();
    assertThat(log())
        .contains("KAFKA_CLIENT_CERT is not set, while KAFKA_URL says kafka+ssl")
        .doesNotContain("PRIVATE KEY");
  }
}
