package io.drivetrain.servers;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The application of the package {@code goods} as a WAR: the libraries of the shop's, and what Avro
 * needs. It is the server's only application and so has the shop's name.
 */
final class GoodsWar {
  private static final String APPLICATION = "io/drivetrain/servers/goods/";
  private static final List<String> AVRO =
      List.of("drivetrain-avro", "avro", "jackson-databind", "jackson-core", "jackson-annotations");

  private GoodsWar() {}

  /**
   * Writes it.
   *
   * @param shop the shop's WAR
   * @param more artifacts of this JVM's class path that it gets as well; with none of them a
   *     default entity listener
   */
  static Path write(Path shop, Path directory, List<String> more) {
    Path war = directory.resolve("goods.war");
    try {
      Files.createDirectories(directory);
      Files.copy(shop, war, StandardCopyOption.REPLACE_EXISTING);
      try (FileSystem zip = FileSystems.newFileSystem(war)) {
        removeClasses(zip.getPath("WEB-INF/classes"));
        Path classes = zip.getPath("WEB-INF/classes");
        Path settings = Files.createDirectories(classes.resolve("META-INF"));
        Path schemas = Files.createDirectories(classes.resolve("schemas"));
        copy("microprofile-config.properties", settings);
        copy("persistence.xml", settings);
        if (more.isEmpty()) {
          copy("orm.xml", settings);
        }
        copy("items.avsc", schemas);
        copy("shelves.avsc", schemas);
        copyClasses(classes);
        for (String artifact : Stream.concat(AVRO.stream(), more.stream()).toList()) {
          Path jar = jar(artifact);
          Files.copy(jar, zip.getPath("WEB-INF/lib", jar.getFileName().toString()));
        }
      }
      return war;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeClasses(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }

  private static void copy(String resource, Path directory) throws IOException {
    try (InputStream bytes = GoodsWar.class.getResourceAsStream("goods/" + resource)) {
      Files.copy(bytes, directory.resolve(resource));
    }
  }

  /** As files: this JVM has not all that they refer to. */
  private static void copyClasses(Path classes) throws IOException {
    Path to = Files.createDirectories(classes.resolve(APPLICATION));
    Path origin = origin();
    if (Files.isDirectory(origin)) {
      copyClasses(origin.resolve(APPLICATION), to);
    } else {
      try (FileSystem jar =
          FileSystems.newFileSystem(URI.create("jar:" + origin.toUri()), Map.of())) {
        copyClasses(jar.getPath(APPLICATION), to);
      }
    }
  }

  private static Path origin() {
    try {
      return Path.of(GoodsWar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copyClasses(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.toString().endsWith(".class")) {
          Files.copy(file, to.resolve(file.getFileName().toString()));
        }
      }
    }
  }

  private static Path jar(String artifact) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.getFileName().toString().matches(artifact + "-\\d.*\\.jar"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(artifact + " is not on the class path"));
  }
}
