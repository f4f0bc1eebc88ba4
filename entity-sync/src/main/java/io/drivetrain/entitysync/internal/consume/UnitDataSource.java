package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.schema.platform.DatabaseSettings;
import io.drivetrain.schema.settings.Settings;
import jakarta.persistence.EntityManager;
import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;

/** The JTA data source of a persistence unit, as far as it can be told. Stateless. */
final class UnitDataSource {
  private UnitDataSource() {}

  /**
   * What the unit's factory says, else the outbox's, which a unit with published entities has to
   * share.
   */
  static Optional<DataSource> of(EntityManager entities) {
    Object given =
        entities.getEntityManagerFactory().getProperties().get("jakarta.persistence.jtaDataSource");
    if (given instanceof DataSource dataSource) {
      return Optional.of(dataSource);
    }
    String name =
        given instanceof String text && !text.isEmpty()
            ? text
            : Settings.of(ConfigProvider.getConfig())
                .text(DatabaseSettings.DATA_SOURCE, DatabaseSettings.DEFAULT_DATA_SOURCE);
    return lookup(name);
  }

  static Optional<DataSource> lookup(String name) {
    try {
      Object found = new InitialContext().lookup(name);
      return found instanceof DataSource dataSource ? Optional.of(dataSource) : Optional.empty();
    } catch (NamingException e) {
      return Optional.empty();
    }
  }
}
