package io.drivetrain.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static JavaClasses classes;

  @BeforeAll
  static void readClasses() {
    classes = Modules.mainClasses();
  }

  static Stream<String> modules() {
    return Modules.MAY_USE.keySet().stream().sorted();
  }

  @Test
  void every_class_belongs_to_a_module_of_the_drawing() {
    Set<String> modules =
        classes.stream()
            .map(JavaClass::getPackageName)
            .map(name -> name.replaceFirst("^io\\.drivetrain\\.(\\w+).*", "$1"))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(Modules.MAY_USE.keySet()).containsAll(modules);
    assertThat(modules)
        .contains("schema", "connector", "outbox", "migrations", "entitysync", "testkit");
  }

  /**
   * A module's root package is the face of its internals: a base class or an entry point there
   * calls them, and they speak in its types. Every other circle is a mistake.
   */
  @Test
  void packages_have_no_cycles() {
    check(
        slices()
            .matching("io.drivetrain.(**)")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(Modules.FACES, Modules.INTERNALS));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void a_module_uses_only_those_it_points_at(String module) {
    List<String> forbidden =
        Modules.MAY_USE.keySet().stream()
            .filter(other -> !other.equals(module) && !Modules.MAY_USE.get(module).contains(other))
            .map(Modules::packages)
            .toList();

    check(
        noClasses()
            .that()
            .resideInAPackage(Modules.packages(module))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(forbidden.toArray(String[]::new)));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void nobody_uses_the_internals_of_another_module(String module) {
    check(
        noClasses()
            .that()
            .resideInAPackage(Modules.packages(module))
            .should()
            .dependOnClassesThat(Modules.internalsOfOthers(module)));
  }

  @Test
  void no_class_depends_on_a_runtime_or_persistence_provider() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(productPackages())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.hibernate..", "org.eclipse.persistence.."));
  }

  @Test
  void one_package_knows_smallrye_and_nobody_knows_that_package() {
    String optional = "io.drivetrain.connector.internal.smallrye..";
    check(
        noClasses()
            .that()
            .resideInAnyPackage(productPackages())
            .and()
            .resideOutsideOfPackage(optional)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.smallrye..", optional));
  }

  @Test
  void one_package_of_a_module_knows_opentelemetry_and_nobody_knows_that_package() {
    String optional = "io.drivetrain.*.internal.opentelemetry..";
    String shared = "io.drivetrain.schema.opentelemetry..";
    check(
        noClasses()
            .that()
            .resideInAnyPackage(productPackages())
            .and()
            .resideOutsideOfPackages(optional, shared)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.opentelemetry..", optional, shared));
  }

  @Test
  void classes_log_through_the_jdk_alone() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(productPackages())
            .and()
            // A program of its own: it sets the level of the JDK's logging for its process.
            .doNotHaveFullyQualifiedName("io.drivetrain.migrations.Runner")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.slf4j..", "java.util.logging.."));
  }

  @Test
  void the_connector_knows_no_database() {
    check(
        noClasses()
            .that()
            .resideInAPackage(Modules.packages("connector"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "jakarta.persistence.."));
    check(
        noClasses()
            .that()
            .resideInAPackage(Modules.packages("connector"))
            .should()
            .dependOnClassesThat()
            .haveSimpleName("DatabaseSettings"));
  }

  @Test
  void only_entity_sync_knows_jpa() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                Stream.of("schema", "connector", "outbox", "migrations")
                    .map(Modules::packages)
                    .toArray(String[]::new))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.persistence.."));
  }

  @Test
  void the_outbox_knows_reactive_messaging_in_one_package_at_most() {
    Set<String> packages =
        classes.stream()
            .filter(type -> type.getPackageName().startsWith("io.drivetrain.outbox"))
            .filter(ArchitectureTest::usesReactiveMessaging)
            .map(JavaClass::getPackageName)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(packages).hasSizeLessThanOrEqualTo(1);
  }

  private static boolean usesReactiveMessaging(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .anyMatch(
            used ->
                used.getTargetClass()
                    .getPackageName()
                    .startsWith("org.eclipse.microprofile.reactive"));
  }

  private static String[] productPackages() {
    return Modules.PRODUCT.stream().map(Modules::packages).toArray(String[]::new);
  }

  /** A module may have no class yet that a rule speaks of. */
  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(classes);
  }
}
