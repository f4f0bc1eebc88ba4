package io.drivetrain.openliberty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A WAR that brings Hibernate, on a server whose own persistence provider is another. */
final class OwnHibernate {
  /** With persistenceContainer the server has no provider that it would take by itself. */
  private static final String PROVIDER =
      "<provider>org.hibernate.jpa.HibernatePersistenceProvider</provider>";

  private static final String PROPERTIES =
      """
      <!-- Liberty makes the entity manager factory before CDI is up. -->
      <property name="hibernate.delay_cdi_access" value="true"/>
      <!-- In a WAR Hibernate's class transformer would be asked to transform itself. -->
      <property name="hibernate.enhancer.enableDirtyTracking" value="false"/>
      <property name="hibernate.enhancer.enableLazyInitialization" value="false"/>
      """;

  private OwnHibernate() {}

  /** A copy of a WAR that was built with the profile hibernate, with what Liberty needs. */
  static Path in(Path war) {
    try {
      Path copies = Files.createDirectories(war.resolveSibling("hibernate"));
      Path directory = Files.createTempDirectory(copies, "shop").resolve("shop.war");
      new WarVariant(war, directory)
          .edit(
              "META-INF/persistence.xml",
              xml ->
                  xml.replace("<jta-data-source>", PROVIDER + "<jta-data-source>")
                      .replace("<properties>", "<properties>" + PROPERTIES));
      try (Stream<Path> jars = Files.list(directory.resolve("WEB-INF/lib"))) {
        if (jars.noneMatch(jar -> jar.getFileName().toString().startsWith("hibernate-core"))) {
          throw new IllegalStateException("no Hibernate in the WAR; build it with -Phibernate");
        }
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
