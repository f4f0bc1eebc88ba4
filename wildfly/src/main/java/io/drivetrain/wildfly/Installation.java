package io.drivetrain.wildfly;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The files a server is made of, as this module's build leaves them.
 *
 * @param runtime WildFly's home directory, configured, with the PostgreSQL driver as a module
 * @param war the sample shop
 */
public record Installation(Path runtime, Path war) {

  /** The system property that names this module's build directory. */
  public static final String BUILD_DIRECTORY = "drivetrain.wildfly.build";

  /**
   * What the build has left.
   *
   * @throws IllegalStateException if something is missing; the message says how to build it
   */
  public static Installation built() {
    Path build = Path.of(System.getProperty(BUILD_DIRECTORY, "wildfly/target"));
    return new Installation(
        home(existing(build.resolve("runtime"))), existing(build.resolve("shop.war")));
  }

  private static Path home(Path unpacked) {
    try (Stream<Path> directories = Files.list(unpacked)) {
      return directories
          .filter(directory -> directory.getFileName().toString().startsWith("wildfly-"))
          .findFirst()
          .orElseThrow(() -> missing(unpacked.resolve("wildfly-<version>")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path existing(Path path) {
    if (!Files.exists(path)) {
      throw missing(path);
    }
    return path.toAbsolutePath();
  }

  private static IllegalStateException missing(Path path) {
    return new IllegalStateException(
        path.toAbsolutePath() + " is missing; run 'mvn package' in the project first");
  }

  /** The same server with another application. */
  public Installation with(Path otherWar) {
    return new Installation(runtime, otherWar);
  }
}
