package io.drivetrain.tests.conformance;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The jars of this JVM's class path by the names Maven gives them. */
final class Libraries {
  private static final List<Path> CLASS_PATH =
      Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
          .map(Path::of)
          .toList();

  private Libraries() {}

  /** The jar of an artifact, if it is there. */
  static List<Path> named(String artifact) {
    Pattern name = pattern(artifact);
    return CLASS_PATH.stream()
        .filter(path -> name.matcher(path.getFileName().toString()).matches())
        .collect(Collectors.toList());
  }

  /** The version of an artifact's jar. */
  static String version(String artifact) {
    return version(artifact, CLASS_PATH);
  }

  /** The version of the jar that an artifact has in a directory. */
  static String version(String artifact, Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return version(artifact, files.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String version(String artifact, List<Path> files) {
    Pattern name = pattern(artifact);
    for (Path path : files) {
      Matcher matcher = name.matcher(path.getFileName().toString());
      if (matcher.matches()) {
        return matcher.group(1);
      }
    }
    throw new IllegalStateException(artifact + " is not among " + files);
  }

  private static Pattern pattern(String artifact) {
    return Pattern.compile(Pattern.quote(artifact) + "-(\\d.*)\\.jar");
  }

  /** Where a class comes from: a jar, or in a reactor that packages nothing, a directory. */
  static Path of(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes a file available in a directory without copying it, where the file system can. */
  static void link(Path file, Path directory) {
    try {
      Path target = directory.resolve(file.getFileName().toString());
      try {
        Files.createLink(target, file);
      } catch (UnsupportedOperationException | IOException e) {
        Files.copy(file, target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
