package io.drivetrain.openliberty;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** An exploded copy of a WAR with something changed in it. */
final class WarVariant {
  private static final String CLASSES = "WEB-INF/classes/";
  private final Path directory;

  WarVariant(Path war, Path directory) {
    this.directory = directory;
    try (FileSystem zip = FileSystems.newFileSystem(war);
        Stream<Path> files = Files.walk(zip.getPath("/"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = directory.resolve(file.toString().substring(1));
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds or replaces a setting of the application. */
  WarVariant setting(String key, String value) {
    try {
      Files.writeString(
          directory.resolve(CLASSES + "META-INF/microprofile-config.properties"),
          "\n" + key + "=" + value + "\n",
          StandardOpenOption.APPEND);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes a text file among the classes. */
  WarVariant edit(String file, UnaryOperator<String> change) {
    try {
      Path path = directory.resolve(CLASSES + file);
      String before = Files.readString(path);
      String after = change.apply(before);
      if (before.equals(after)) {
        throw new AssertionError("nothing to change in " + file);
      }
      Files.writeString(path, after);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a class of the test. */
  WarVariant with(Class<?> type) {
    String file = type.getName().replace('.', '/') + ".class";
    try (InputStream bytes = type.getClassLoader().getResourceAsStream(file)) {
      Path copy = directory.resolve(CLASSES + file);
      Files.createDirectories(copy.getParent());
      Files.copy(bytes, copy);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Moves it to where a server looks for applications, in one step. */
  void moveTo(Path place) {
    try {
      Files.createDirectories(place.getParent());
      Files.move(directory, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
