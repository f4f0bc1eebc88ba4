package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Temporary directories of servers. */
public final class Directories {
  private Directories() {}

  /** A new one whose name begins so. */
  public static Path create(String prefix) {
    try {
      return Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a directory for a test server", e);
    }
  }

  /**
   * Deletes a tree. A dying process may still add or remove a file, so a miss is tried again a few
   * times and what is left then stays behind.
   */
  public static void delete(Path root) {
    for (int attempt = 0; attempt < 5 && Files.exists(root); attempt++) {
      try (Stream<Path> tree = Files.walk(root)) {
        List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        for (Path path : deepestFirst) {
          Files.deleteIfExists(path);
        }
      } catch (NoSuchFileException gone) {
        continue;
      } catch (IOException | UncheckedIOException busy) {
        Patience.pause(100);
      }
    }
  }
}
