package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A small shell that runs a command when this JVM is gone or when the watch is closed, whichever is
 * first: its standard input ends then. For children that cannot watch for themselves.
 */
final class DeathWatch implements AutoCloseable {
  private final Process shell;

  private DeathWatch(Process shell) {
    this.shell = shell;
  }

  /** Whether this system has signals and a shell. */
  static boolean isPossible() {
    return !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
  }

  /** Starts the watch over a shell command. */
  static DeathWatch run(String command) {
    try {
      // The shell must survive a Ctrl-C that the terminal sends to the whole group.
      return new DeathWatch(
          new ProcessBuilder(
                  "/bin/sh", "-c", "trap '' INT HUP; while read -r l; do :; done; " + command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start /bin/sh", e);
    }
  }

  /** Takes the watch away without running its command. */
  void dismiss() {
    shell.destroyForcibly();
    awaitEnd();
  }

  /** Runs the command now and returns when it is done. */
  @Override
  public void close() {
    try {
      shell.getOutputStream().close();
    } catch (IOException alreadyClosed) {
      shell.destroyForcibly();
    }
    awaitEnd();
  }

  private void awaitEnd() {
    try {
      if (!shell.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + shell.pid() + " did not end in 10 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
