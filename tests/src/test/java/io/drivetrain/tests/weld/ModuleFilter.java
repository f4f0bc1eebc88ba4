package io.drivetrain.tests.weld;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import java.util.List;

/**
 * Takes the beans of modules that need a database out of an application that has none, although
 * their jars are on the class path of all suites.
 */
final class ModuleFilter implements Extension {
  private static final List<String> DATABASE_MODULES =
      List.of("io.drivetrain.outbox.", "io.drivetrain.entitysync.", "io.drivetrain.migrations.");

  <T> void veto(@Observes ProcessAnnotatedType<T> type) {
    String name = type.getAnnotatedType().getJavaClass().getName();
    if (DATABASE_MODULES.stream().anyMatch(name::startsWith)) {
      type.veto();
    }
  }
}
