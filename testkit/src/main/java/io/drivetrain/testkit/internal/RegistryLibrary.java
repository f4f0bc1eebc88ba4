package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The registry's program, which lies as one archive on the class path of tests that want it,
 * unpacked once per machine, user and size into the directory for temporary files.
 */
final class RegistryLibrary {
  private static final String ARCHIVE = "/io/drivetrain/testkit/registry/registry.tar.gz";

  private RegistryLibrary() {}

  /** The jar to run, with what it needs beside it. */
  static synchronized Path jar() {
    try {
      URL archive = RegistryLibrary.class.getResource(ARCHIVE);
      if (archive == null) {
        throw new IllegalStateException(
            ARCHIVE
                + " is not on the class path; add the artifact"
                + " io.drivetrain:drivetrain-testkit-registry");
      }
      Path directory = BrokerLibrary.cache().resolve("registry-" + BrokerLibrary.size(archive));
      if (!Files.isDirectory(directory)) {
        unpack(archive, directory);
      }
      return runner(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack the registry: " + e.getMessage(), e);
    }
  }

  /** Visible only when it is complete: several JVMs may unpack at the same time. */
  private static void unpack(URL archive, Path directory) throws IOException {
    Path unfinished = directory.resolveSibling("unfinished-" + UUID.randomUUID());
    Files.createDirectories(unfinished);
    try {
      // Every system that this runs on has it, and the JDK reads no such archives.
      Process tar =
          new ProcessBuilder("tar", "xzf", "-", "-C", unfinished.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (InputStream in = archive.openStream();
          var out = tar.getOutputStream()) {
        in.transferTo(out);
      }
      if (!tar.waitFor(60, TimeUnit.SECONDS) || tar.exitValue() != 0) {
        tar.destroyForcibly();
        throw new IOException("tar xzf failed");
      }
      Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted");
    } catch (IOException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    } finally {
      Directories.delete(unfinished);
    }
  }

  private static Path runner(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-runner.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException(directory + " lacks its jar; remove that directory"));
    }
  }
}
