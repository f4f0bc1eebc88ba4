package io.drivetrain.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a server's process holds at this moment, asked from outside. */
final class Insides {
  private static final long KILO = 1024;

  private final long pid;

  Insides(long pid) {
    this.pid = pid;
  }

  /**
   * How much memory the process has resident, in MB. Reads {@code /proc}; 0 where there is none.
   */
  long residentMegabytes() {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / KILO)
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
