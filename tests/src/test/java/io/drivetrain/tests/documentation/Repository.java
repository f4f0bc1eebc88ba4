package io.drivetrain.tests.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of this repository. */
final class Repository {
  /** The directory of the parent POM; tests run in their module's directory. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final List<String> PRODUCT =
      List.of("schema", "avro", "connector", "outbox", "migrations", "entity-sync");

  private Repository() {}

  static String text(String file) {
    return text(ROOT.resolve(file));
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All main sources of the modules that run on a user's server. */
  static List<Path> productSources() {
    return PRODUCT.stream().flatMap(module -> files(module + "/src/main/java", ".java")).toList();
  }

  /** The main source of one class of those. */
  static Path source(String simpleName) {
    List<Path> found =
        productSources().stream().filter(file -> file.endsWith(simpleName + ".java")).toList();
    if (found.size() != 1) {
      throw new AssertionError(simpleName + ": expected one source, found " + found);
    }
    return found.get(0);
  }

  /** Files below a directory whose name ends so. */
  static Stream<Path> files(String directory, String ending) {
    try (Stream<Path> all = Files.walk(ROOT.resolve(directory))) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of all fenced blocks of a page that are of one language. */
  static List<String> fenced(String page, String language) {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : text(page).lines().toList()) {
      if (line.startsWith("```")) {
        inside = line.equals("```" + language);
      } else if (inside && !line.isBlank()) {
        lines.add(line);
      }
    }
    return lines;
  }

  /** The cells of all rows of a page's tables, heads left out. */
  static List<List<String>> rows(String page) {
    return text(page)
        .lines()
        .filter(line -> line.startsWith("|") && !line.matches("[|: -]+"))
        .map(line -> Stream.of(line.split("(?<!\\\\)\\|", -1)).map(String::strip).toList())
        .map(cells -> cells.subList(1, cells.size() - 1))
        .toList();
  }
}
