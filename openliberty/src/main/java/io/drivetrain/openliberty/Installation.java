package io.drivetrain.openliberty;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files a server is made of, as this module's build leaves them.
 *
 * @param runtime Open Liberty's {@code wlp} directory
 * @param driver the PostgreSQL driver's jar
 * @param war the sample shop, a file or an exploded directory
 */
public record Installation(Path runtime, Path driver, Path war) {

  /** The system property that names this module's build directory. */
  public static final String BUILD_DIRECTORY = "drivetrain.openliberty.build";

  /**
   * What the build has left.
   *
   * @throws IllegalStateException if something is missing; the message says how to build it
   */
  public static Installation built() {
    Path build = Path.of(System.getProperty(BUILD_DIRECTORY, "openliberty/target"));
    return new Installation(
        existing(build.resolve("runtime/wlp")),
        existing(build.resolve("jdbc/postgresql.jar")),
        existing(build.resolve("shop.war")));
  }

  private static Path existing(Path path) {
    if (!Files.exists(path)) {
      throw new IllegalStateException(
          path.toAbsolutePath() + " is missing; run 'mvn package' in the project first");
    }
    return path.toAbsolutePath();
  }

  /** The same server with another application. */
  public Installation with(Path otherWar) {
    return new Installation(runtime, driver, otherWar);
  }
}
