package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server's process and what it says. Not thread-safe; its owner serialises the calls. */
final class ChildProcess {
  private static final Duration STOP_BOUND = Duration.ofSeconds(30);

  private final String name;
  private final Process process;
  private final Path log;
  private DeathWatch frozen;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one.
   *
   * @param name how messages call it
   * @param directory where it runs
   * @param log what it says is written there, from the beginning
   */
  static ChildProcess start(String name, List<String> command, Path directory, Path log) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new ChildProcess(name, process, log);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the process of the " + name, e);
    }
  }

  /** The running JVM's command. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  boolean says(String words) {
    return read().contains(words);
  }

  /** The end of what it said. */
  String tail() {
    String text = read();
    return text.substring(Math.max(0, text.length() - 4_000));
  }

  private String read() {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Ends it, by SIGTERM first if not forcibly; returns when it is gone. */
  void end(boolean forcibly) {
    resume();
    // Through the handle: Process.destroy would also close standard input, which a broker takes
    // for the death of this JVM, and a clean stop would become a halt.
    ProcessHandle handle = process.toHandle();
    boolean asked = forcibly ? handle.destroyForcibly() : handle.destroy();
    if (!exits()) {
      handle.destroyForcibly();
      if (!exits()) {
        throw new IllegalStateException(
            name + " process " + process.pid() + " does not end, asked " + asked);
      }
    }
  }

  private boolean exits() {
    try {
      return process.waitFor(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the " + name + " to end", e);
    }
  }

  /** Stops it from running, in the middle of whatever it does. */
  void suspend() {
    if (!isAlive() || frozen != null) {
      return;
    }
    if (!DeathWatch.isPossible()) {
      throw new UnsupportedOperationException("Windows has no SIGSTOP");
    }
    // A stopped process cannot notice that this JVM died; the watch lets it go on then.
    frozen = DeathWatch.run("kill -CONT " + process.pid());
    DeathWatch.run("kill -STOP " + process.pid()).close();
  }

  /** Lets it go on as if nothing had been. */
  void resume() {
    if (frozen != null) {
      frozen.close();
      frozen = null;
    }
  }
}
