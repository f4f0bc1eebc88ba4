package io.drivetrain.testkit;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServersEndWithTheirParentTest {

  @ParameterizedTest
  @ValueSource(strings = {"serve", "suspend"})
  void servers_are_gone_after_their_jvm_was_killed(String then) throws Exception {
    Process parent = start(then);
    List<Long> servers = pids(parent);
    assertThat(servers).hasSize(2).allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isPresent());

    parent.destroyForcibly();

    eventually(
        Duration.ofSeconds(30),
        () -> assertThat(servers).allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isEmpty()));
  }

  @Test
  void servers_are_gone_after_their_jvm_forgot_to_close_them() throws Exception {
    Process parent = start("exit");
    List<Long> servers = pids(parent);

    assertThat(parent.waitFor(30, TimeUnit.SECONDS)).isTrue();

    eventually(
        Duration.ofSeconds(30),
        () -> assertThat(servers).allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isEmpty()));
  }

  private static Process start(String then) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Ddrivetrain.testkit.containers=never",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            Parent.class.getName(),
            then)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<Long> pids(Process parent) throws IOException {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = out.readLine()) != null) {
        if (line.startsWith("pids ")) {
          return Arrays.stream(line.substring(5).split(" ")).map(Long::valueOf).toList();
        }
      }
    }
    throw new AssertionError("the parent ended without starting its servers");
  }

  /** The JVM that is killed. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws Exception {
      KafkaBroker broker = KafkaBroker.started();
      Postgres postgres = Postgres.started();
      long brokerPid = broker.pid().orElseThrow();
      if (args[0].equals("suspend")) {
        broker.suspend();
      }
      System.out.println("pids " + brokerPid + " " + postgres.pid().orElseThrow());
      System.out.flush();
      if (args[0].equals("exit")) {
        System.exit(0);
      }
      Thread.sleep(120_000);
    }
  }
}
