package io.drivetrain.testkit;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@UseSchemaRegistry
class SchemaRegistryTest {
  private final HttpClient http = HttpClient.newHttpClient();

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void what_was_registered_survives_a_crash(SchemaRegistry registry) throws Exception {
    HttpResponse<String> registered =
        send(
            HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/crash-value/versions"))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"schema\":\"\\\"string\\\"\"}")));
    assertThat(registered.statusCode()).isEqualTo(200);
    String id = registered.body().replaceAll("\\D", "");

    registry.kill();
    assertThat(registry.isRunning()).isFalse();
    registry.start();

    HttpResponse<String> found =
        send(HttpRequest.newBuilder(URI.create(registry.url() + "/schemas/ids/" + id)));
    assertThat(found.body()).contains("\\\"string\\\"");
  }

  @Test
  void it_is_gone_after_its_jvm_was_killed() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long pid = pid(parent);
    assertThat(ProcessHandle.of(pid)).isPresent();

    parent.destroyForcibly();

    eventually(Duration.ofSeconds(30), () -> assertThat(ProcessHandle.of(pid)).isEmpty());
  }

  private static long pid(Process parent) throws IOException {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = out.readLine()) != null) {
        if (line.startsWith("pid ")) {
          return Long.parseLong(line.substring(4));
        }
      }
    }
    throw new AssertionError("the parent ended without starting its registry");
  }

  /** The JVM that is killed. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws Exception {
      System.out.println("pid " + SchemaRegistry.started().pid().orElseThrow());
      System.out.flush();
      Thread.sleep(120_000);
    }
  }
}
