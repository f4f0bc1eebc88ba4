package io.drivetrain.testkit.internal;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A PostgreSQL server from binaries on the class path. Commits survive a kill (synchronous_commit
 * is on) but not a power failure (fsync is off, for speed, unless it is set). Not thread-safe; its
 * owner serialises the calls.
 */
public final class PostgresProcess implements Server {
  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final Duration STOP_BOUND = Duration.ofSeconds(30);

  /** A system property: server settings, {@code name=value}, separated by spaces. */
  private static final String SETTINGS = "drivetrain.testkit.postgres.settings";

  private final int port = FreePorts.next();
  private final Path directory = Directories.create("drivetrain-postgres");
  private final Path data = directory.resolve("data");
  private EmbeddedPostgres running;
  private long pid;
  private DeathWatch watch;

  @Override
  public HostPort address() {
    return new HostPort("127.0.0.1", port);
  }

  @Override
  public void start() {
    if (isRunning()) {
      return;
    }
    try {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setPort(port)
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setPGStartupWait(START_BOUND)
              .setLocaleConfig("locale", "C")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("listen_addresses", "127.0.0.1");
      // Later ones win, also over the library's own: benchmarks want fsync on.
      for (String setting : System.getProperty(SETTINGS, "").split(" ")) {
        if (!setting.isBlank()) {
          String[] parts = setting.split("=", 2);
          builder.setServerConfig(parts[0], parts[1]);
        }
      }
      running = builder.start();
      pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
      if (DeathWatch.isPossible()) {
        // The server is a daemon: nobody ends it when this JVM is killed.
        watch = DeathWatch.run("kill -QUIT " + pid + "; sleep 1; rm -rf '" + directory + "'");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not start: " + e.getMessage(), e);
    }
  }

  @Override
  public void stop() {
    if (running == null) {
      return;
    }
    resume();
    dismissWatch();
    try {
      running.close();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not stop: " + e.getMessage(), e);
    }
    awaitEnd(List.of());
    running = null;
  }

  @Override
  public void kill() {
    if (running == null) {
      return;
    }
    dismissWatch();
    // Its children notice the death of their parent only after a second and block a new start.
    ProcessHandle.of(pid)
        .ifPresent(
            postmaster -> {
              List<ProcessHandle> children;
              try (Stream<ProcessHandle> all = postmaster.descendants()) {
                children = all.toList();
              }
              postmaster.destroyForcibly();
              children.forEach(ProcessHandle::destroyForcibly);
              awaitEnd(children);
            });
    releaseLock();
    running = null;
  }

  /**
   * The library holds a lock on a file in the data directory until its own stop, which would first
   * complain that there is no server. Where an open file can be deleted, the next start gets a new
   * one.
   */
  private void releaseLock() {
    try {
      if (DeathWatch.isPossible()) {
        Files.deleteIfExists(data.resolve("epg-lock"));
      } else {
        running.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitEnd(List<ProcessHandle> children) {
    boolean gone =
        Patience.await(
            STOP_BOUND,
            () -> !isAlive(pid) && children.stream().noneMatch(child -> isAlive(child.pid())));
    if (!gone) {
      throw new IllegalStateException("PostgreSQL process " + pid + " does not end");
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  @Override
  public void suspend() {
    throw new UnsupportedOperationException("PostgreSQL cannot be suspended here; stop or kill it");
  }

  @Override
  public void resume() {
    // Nothing was suspended.
  }

  @Override
  public boolean isRunning() {
    return running != null && isAlive(pid);
  }

  @Override
  public OptionalLong pid() {
    return isRunning() ? OptionalLong.of(pid) : OptionalLong.empty();
  }

  @Override
  public void close() {
    kill();
    Directories.delete(directory);
  }

  private void dismissWatch() {
    if (watch != null) {
      watch.dismiss();
      watch = null;
    }
  }
}
