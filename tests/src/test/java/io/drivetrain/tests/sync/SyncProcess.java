package io.drivetrain.tests.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@link SyncMain} that the test may kill or freeze. It ends with the JVM of the test. */
final class SyncProcess implements AutoCloseable {
  private static final int STOP_SECONDS = 60;

  private final Process process;
  private final Path log;

  private SyncProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static SyncProcess start(
      String role,
      Path directory,
      String jdbcUrl,
      String user,
      String password,
      Map<String, String> settings) {
    try {
      Path log = Files.createTempFile(directory, role + "-", ".log");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      command.add(
          "-Djava.util.logging.config.file="
              + System.getProperty("java.util.logging.config.file", ""));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(SyncMain.class.getName(), role, jdbcUrl, user, password));
      settings.forEach((key, value) -> command.addAll(List.of(key, value)));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new SyncProcess(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it by SIGKILL and returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Stops it from running, in the middle of whatever it does. */
  void freeze() {
    signal("STOP");
  }

  /** Lets it go on as if nothing had been. */
  void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + name + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Asks it to change nothing more. */
  void settle() {
    try {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(log(), e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it said. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    if (!process.isAlive()) {
      return;
    }
    try {
      process.getOutputStream().close();
    } catch (IOException gone) {
      // It died meanwhile.
    }
    try {
      awaitEnd();
    } finally {
      process.destroyForcibly();
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("a node does not end; its log:\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
