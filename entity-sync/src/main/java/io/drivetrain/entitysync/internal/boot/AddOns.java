package io.drivetrain.entitysync.internal.boot;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Tells whether the application brings what hears a provider's own events. */
final class AddOns {
  private static final String SERVICES =
      "META-INF/services/org.hibernate.integrator.spi.Integrator";
  private static final String OURS = "io.drivetrain.hibernate.PublishedIntegrator";
  private static final String PROVIDER = "org.hibernate.jpa.HibernatePersistenceProvider";

  private AddOns() {}

  /**
   * Whether {@code drivetrain-hibernate} is there and every unit is, or may well be, Hibernate's.
   */
  static boolean hearHibernate(ClassLoader loader, List<PersistenceUnit> units) throws IOException {
    return !units.isEmpty()
        && isThere(loader)
        && units.stream().allMatch(unit -> isHibernates(unit, loader));
  }

  private static boolean isThere(ClassLoader loader) throws IOException {
    for (URL url : Collections.list(loader.getResources(SERVICES))) {
      try (InputStream stream = url.openStream()) {
        if (new String(stream.readAllBytes(), StandardCharsets.UTF_8).contains(OURS)) {
          return true;
        }
      }
    }
    return false;
  }

  /** A unit that names no provider has the server's, and where Hibernate can be seen it is that. */
  private static boolean isHibernates(PersistenceUnit unit, ClassLoader loader) {
    if (!unit.provider().isEmpty()) {
      return unit.provider().toLowerCase(Locale.ROOT).contains("hibernate");
    }
    try {
      Class.forName(PROVIDER, false, loader);
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
