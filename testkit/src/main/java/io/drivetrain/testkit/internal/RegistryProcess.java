package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * A schema registry in a JVM of its own, on the loopback address only; what is registered survives
 * its death. Not thread-safe; its owner serialises the calls.
 */
public final class RegistryProcess implements Server {
  private static final Duration START_BOUND = Duration.ofSeconds(120);
  private static final Duration STOP_BOUND = Duration.ofSeconds(30);

  private final int port = FreePorts.next();
  private final Path directory = Directories.create("drivetrain-registry");
  private Process process;
  private DeathWatch watch;
  private boolean frozen;

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
    Path log = directory.resolve("registry.log");
    try {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
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
                  RegistryLibrary.jar().toString())
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the registry", e);
    }
    if (DeathWatch.isPossible()) {
      watch = DeathWatch.run("kill -KILL " + process.pid() + "; rm -rf '" + directory + "'");
    }
    boolean serves = Patience.await(START_BOUND, () -> !process.isAlive() || answers());
    if (!serves || !process.isAlive()) {
      kill();
      throw new IllegalStateException("the registry did not start: " + tail(log));
    }
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
    resume();
    if (watch != null) {
      watch.dismiss();
      watch = null;
    }
    if (forcibly) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }
    if (!exits()) {
      process.destroyForcibly();
      if (!exits()) {
        throw new IllegalStateException("registry process " + process.pid() + " does not end");
      }
    }
    process = null;
  }

  private boolean exits() {
    try {
      return process.waitFor(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the registry to end", e);
    }
  }

  @Override
  public void suspend() {
    if (isRunning() && !frozen) {
      if (!DeathWatch.isPossible()) {
        throw new UnsupportedOperationException("Windows has no SIGSTOP");
      }
      DeathWatch.run("kill -STOP " + process.pid()).close();
      frozen = true;
    }
  }

  @Override
  public void resume() {
    if (frozen) {
      DeathWatch.run("kill -CONT " + process.pid()).close();
      frozen = false;
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

  private static String tail(Path log) {
    try {
      String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
      return text.substring(Math.max(0, text.length() - 4_000));
    } catch (IOException e) {
      return "";
    }
  }
}
