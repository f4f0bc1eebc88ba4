package io.drivetrain.entitysync.internal.boot;

import io.drivetrain.schema.platform.DatabaseSettings;
import io.drivetrain.schema.settings.Settings;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Refuses an application whose published entities and outbox do not share a data source, when JNDI
 * is there and before anything polls.
 */
@ApplicationScoped
public class DataSourceGuard {
  private final EntitySyncExtension found;

  /** For the client proxy. */
  protected DataSourceGuard() {
    this.found = null;
  }

  /** For the container. */
  @Inject
  public DataSourceGuard(EntitySyncExtension found) {
    this.found = found;
  }

  void check(@Observes @Priority(2) @Initialized(ApplicationScoped.class) Object start) {
    String outbox =
        Settings.of(ConfigProvider.getConfig())
            .text(DatabaseSettings.DATA_SOURCE, DatabaseSettings.DEFAULT_DATA_SOURCE);
    new DataSourceCheck(outbox, DataSources::lookup, DataSources::database)
        .problem(found.units(), found.published())
        .ifPresent(
            problem -> {
              throw new DeploymentException(problem);
            });
  }
}
