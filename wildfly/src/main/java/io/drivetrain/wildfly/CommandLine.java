package io.drivetrain.wildfly;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * WildFly's own command line, {@code bin/jboss-cli.sh}, as a process.
 *
 * @param runtime WildFly's home
 * @param base the base directory of the server that is meant
 */
record CommandLine(Path runtime, Path base) {
  private static final String CONFIGURATION = "standalone-microprofile.xml";

  /** Tells the server that listens for management at a port to do something. */
  String online(int port, String command) {
    return run(List.of("--connect", "--controller=127.0.0.1:" + port, "--command=" + command));
  }

  /** Changes the configuration of the server, which must not run. */
  String offline(List<String> commands) {
    List<String> all = new ArrayList<>();
    all.add("embed-server --server-config=" + CONFIGURATION);
    all.addAll(commands);
    all.add("stop-embedded-server");
    Path script = base.resolve("changes.cli");
    try {
      Files.write(script, all);
      try {
        return run(List.of("--file=" + script));
      } finally {
        Files.delete(script);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String run(List<String> options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djboss.server.base.dir=" + base,
                "-jar",
                runtime.resolve("jboss-modules.jar").toString(),
                "-mp",
                runtime.resolve("modules").toString(),
                "org.jboss.as.cli"));
    command.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(base.toFile()).redirectErrorStream(true);
    builder.environment().put("JBOSS_HOME", runtime.toString());
    try {
      Process cli = builder.start();
      cli.getOutputStream().close();
      String answer = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (cli.waitFor() != 0) {
        throw new IllegalStateException("WildFly's command line failed: " + answer);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
