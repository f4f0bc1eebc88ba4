package io.drivetrain.tests.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link WorkerMain} that the test may kill. It ends with the JVM of the test. */
final class WorkerProcess implements AutoCloseable {
  private static final int STOP_SECONDS = 90;

  private final Process process;
  private final Path log;

  private WorkerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one.
   *
   * @param settings key, value, key, value
   */
  static WorkerProcess start(Path effects, List<String> settings) {
    try {
      Path log = Files.createTempFile(effects.getParent(), "worker-", ".log");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      command.add(
          "-Djava.util.logging.config.file="
              + System.getProperty("java.util.logging.config.file", ""));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(WorkerMain.class.getName(), effects.toString()));
      command.addAll(settings);
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new WorkerProcess(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How its effects and notes begin. */
  String node() {
    return process.pid() + "-1";
  }

  /** Ends it by SIGKILL and returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
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

  /** What it said. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("a worker does not end; its log:\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
