package io.drivetrain.tests.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The modules as drawn: their packages, and which other modules each may use. */
final class Modules {
  /** The directory of the parent POM; tests run in their module's directory. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** From a module's package below io.drivetrain to those of the modules it may use. */
  static final Map<String, Set<String>> MAY_USE =
      Map.of(
          "schema", Set.of(),
          "avro", Set.of("schema"),
          "connector", Set.of("schema"),
          "outbox", Set.of("schema"),
          "migrations", Set.of("schema"),
          "entitysync", Set.of("outbox", "connector", "schema"),
          "hibernate", Set.of("entitysync"),
          "testkit", Set.of(),
          "testkitapp", Set.of("testkit", "outbox", "connector", "schema"),
          "sample", Set.of("entitysync", "outbox", "connector", "schema", "migrations"));

  /** Modules whose classes are always loaded on the user's server. */
  static final List<String> PRODUCT =
      List.of("schema", "avro", "connector", "outbox", "migrations", "entitysync");

  /** The classes of the modules' root packages. */
  static final DescribedPredicate<JavaClass> FACES =
      DescribedPredicate.describe(
          "root packages", type -> type.getPackageName().matches("io\\.drivetrain\\.\\w+"));

  /** The classes behind them. */
  static final DescribedPredicate<JavaClass> INTERNALS =
      DescribedPredicate.describe(
          "internal packages",
          type -> type.getPackageName().matches("io\\.drivetrain\\.\\w+\\.internal(\\..*)?"));

  private static final List<String> DIRECTORIES =
      List.of(
          "schema",
          "avro",
          "connector",
          "outbox",
          "migrations",
          "entity-sync",
          "hibernate",
          "testkit",
          "testkit-app",
          "sample-war");

  private Modules() {}

  /** The main classes of all modules that are compiled. */
  static JavaClasses mainClasses() {
    List<Path> compiled =
        DIRECTORIES.stream()
            .map(directory -> ROOT.resolve(directory).resolve("target/classes"))
            .filter(Files::isDirectory)
            .toList();
    return new ClassFileImporter().importPaths(compiled);
  }

  /** A module's own package and all below it. */
  static String packages(String module) {
    return "io.drivetrain." + module + "..";
  }

  /** Classes of modules other than the one given. */
  static DescribedPredicate<JavaClass> internalsOfOthers(String module) {
    return DescribedPredicate.describe(
        "internal classes of other modules",
        type ->
            type.getPackageName().matches("io\\.drivetrain\\.\\w+\\.internal(\\..*)?")
                && !type.getPackageName().startsWith("io.drivetrain." + module + "."));
  }
}
