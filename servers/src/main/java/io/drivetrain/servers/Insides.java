package io.drivetrain.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a server's process holds at this moment, asked from outside: by the JDK's {@code jcmd}, and
 * of Linux by {@code /proc}.
 */
final class Insides {
  private static final long KILO = 1024;
  private static final int HEXADECIMAL = 16;
  private static final Pattern THREAD = Pattern.compile("^\"([^\"]+)\" ", Pattern.MULTILINE);

  /** Columns of /proc/net/tcp. */
  private static final int REMOTE = 2;

  private static final int INODE = 9;

  private final long pid;

  Insides(long pid) {
    this.pid = pid;
  }

  /**
   * How much memory the process has resident, in MB. Reads {@code /proc}; 0 where there is none.
   */
  long residentMegabytes() {
    return proc("status").stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / KILO)
        .sum();
  }

  /** The names of its threads that begin with one of these, sorted. */
  List<String> threads(String... prefixes) {
    Matcher matcher = THREAD.matcher(jcmd("Thread.print"));
    return matcher
        .results()
        .map(thread -> thread.group(1))
        .filter(name -> Stream.of(prefixes).anyMatch(name::startsWith))
        .sorted()
        .toList();
  }

  /** How many class loaders still have a class, after a collection of garbage. */
  long loadersOf(String type) {
    jcmd("GC.run");
    return jcmd("VM.classloaders", "show-classes=true", "fold=false")
        .lines()
        .filter(line -> line.endsWith(" " + type))
        .count();
  }

  /** Writes the heap to a file that does not exist, for tools that find who holds what. */
  void dumpHeap(Path file) {
    jcmd("GC.heap_dump", file.toString());
  }

  /** How many TCP connections it has to a port. Reads {@code /proc}; 0 where there is none. */
  long connectionsTo(int port) {
    Set<String> own = sockets();
    return Stream.of("net/tcp", "net/tcp6")
        .flatMap(table -> proc(table).stream().skip(1))
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> own.contains("socket:[" + columns[INODE] + "]"))
        .filter(columns -> portOf(columns[REMOTE]) == port)
        .count();
  }

  private static int portOf(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1), HEXADECIMAL);
  }

  private Set<String> sockets() {
    Path descriptors = Path.of("/proc", Long.toString(pid), "fd");
    if (!Files.exists(descriptors)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(descriptors)) {
      return files
          .flatMap(file -> target(file))
          .filter(target -> target.startsWith("socket:"))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing if it has been closed meanwhile. */
  private static Stream<String> target(Path descriptor) {
    try {
      return Stream.of(Files.readSymbolicLink(descriptor).toString());
    } catch (IOException closed) {
      return Stream.empty();
    }
  }

  private List<String> proc(String name) {
    Path file = Path.of("/proc", Long.toString(pid), name);
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String jcmd(String... command) {
    List<String> words =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    Long.toString(pid)),
                Stream.of(command))
            .toList();
    try {
      Process jcmd = new ProcessBuilder(words).redirectErrorStream(true).start();
      String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (jcmd.waitFor() != 0) {
        throw new IllegalStateException(words + ": " + answer);
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
