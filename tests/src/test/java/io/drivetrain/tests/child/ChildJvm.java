package io.drivetrain.tests.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A main class of these suites in a JVM of its own. It stops when its standard input ends, so also
 * with the JVM of the test. Used by one thread.
 */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final int stopSeconds;

  private ChildJvm(Process process, Path log, int stopSeconds) {
    this.process = process;
    this.log = log;
    this.stopSeconds = stopSeconds;
  }

  /**
   * Starts one with this JVM's class path.
   *
   * @param log where its output goes
   * @param heap as in {@code -Xmx}
   * @param stopSeconds how long a stop may take
   */
  public static ChildJvm start(
      Class<?> main, List<String> arguments, Path log, String heap, int stopSeconds) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add(
        "-Djava.util.logging.config.file="
            + System.getProperty("java.util.logging.config.file", ""));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new ChildJvm(process, log, stopSeconds);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it said. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Writes to its standard input. */
  public void say(String text) {
    try {
      process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(log(), e);
    }
  }

  /** Ends it by SIGKILL and returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Stops it from running, in the middle of whatever it does. */
  public void freeze() {
    signal("STOP");
  }

  /** Lets it go on as if nothing had been. */
  public void thaw() {
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

  /** Stops it as an operator would and returns when it is gone; nothing happens if it is. */
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
      if (!process.waitFor(stopSeconds, TimeUnit.SECONDS)) {
        throw new AssertionError("process " + process.pid() + " does not end; its log:\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
