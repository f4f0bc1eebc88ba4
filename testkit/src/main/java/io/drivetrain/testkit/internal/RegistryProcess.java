package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * A schema registry in a JVM of its own, on the loopback address only; what is registered survives
 * its death. Not thread-safe; its owner serialises the calls.
 */
public final class RegistryProcess implements Server {
  private static final Duration START_BOUND = Duration.ofSeconds(120);

  private final int port = FreePorts.next();
  private final Path directory = Directories.create("drivetrain-registry");
  private ChildProcess process;
  private DeathWatch watch;

  /** Not started. */
  public RegistryProcess() {}

  @Override
  public HostPort address() {
    return new HostPort("127.0.0.1", port);
  }

  @Override
  public void start() {
    if (isRunning()) {
      return;
    }
    process =
        ChildProcess.start("registry", command(), directory, directory.resolve("registry.log"));
    if (DeathWatch.isPossible()) {
      watch = DeathWatch.run("kill -KILL " + process.pid() + "; rm -rf '" + directory + "'");
    }
    boolean serves = Patience.await(START_BOUND, () -> !process.isAlive() || answers());
    if (!serves || !process.isAlive()) {
      String said = process.tail();
      kill();
      throw new IllegalStateException("the registry did not start: " + said);
    }
  }

  private List<String> command() {
    return List.of(
        ChildProcess.java(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dquarkus.http.host=127.0.0.1",
        "-Dquarkus.http.port=" + port,
        "-Dapicurio.storage.kind=sql",
        "-Dapicurio.storage.sql.kind=h2",
        // Each commit is on the disk before it is answered.
        "-Dapicurio.datasource.url=jdbc:h2:file:"
            + directory.resolve("data").toAbsolutePath()
            + ";WRITE_DELAY=0",
        "-jar",
        RegistryLibrary.jar().toString());
  }

  private boolean answers() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://" + address() + "/apis/ccompat/v7/subjects")
                  .toURL()
                  .openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(5_000);
      return connection.getResponseCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void stop() {
    end(false);
  }

  @Override
  public void kill() {
    end(true);
  }

  private void end(boolean forcibly) {
    if (process == null) {
      return;
    }
    if (watch != null) {
      watch.dismiss();
      watch = null;
    }
    process.end(forcibly);
    process = null;
  }

  @Override
  public void suspend() {
    if (process != null) {
      process.suspend();
    }
  }

  @Override
  public void resume() {
    if (process != null) {
      process.resume();
    }
  }

  @Override
  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  @Override
  public OptionalLong pid() {
    return isRunning() ? OptionalLong.of(process.pid()) : OptionalLong.empty();
  }

  @Override
  public void close() {
    kill();
    Directories.delete(directory);
  }
}
