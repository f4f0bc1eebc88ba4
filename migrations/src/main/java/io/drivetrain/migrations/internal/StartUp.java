package io.drivetrain.migrations.internal;

import io.drivetrain.migrations.Migrations;
import io.drivetrain.schema.platform.ContainerThreads;
import io.drivetrain.schema.platform.DatabaseSettings;
import io.drivetrain.schema.platform.StartCondition;
import io.drivetrain.schema.settings.Settings;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Migrates when the application starts, before any channel polls, and is the condition that
 * channels and outbox wait for. The container's deploying thread calls its observers.
 */
@ApplicationScoped
public class StartUp implements StartCondition {

  /** Late: the thread is only made when nothing of ours can fail the deployment any more. */
  private static final int LATE = 10_000;

  /** Guarded by this; null until the application is initialized. */
  private Attempts attempts;

  /** Guarded by this; null unless the database was away at the start. */
  private Thread retrying;

  private boolean done;

  /** The first attempt; what it throws fails the deployment. */
  synchronized void initialized(
      @Observes @Priority(1) @Initialized(ApplicationScoped.class) Object event) {
    attempts();
  }

  /** Goes on trying in the background if the database was away. */
  synchronized void started(@Observes @Priority(LATE) Startup event) {
    attempts();
    if (!done && retrying == null) {
      retrying = ContainerThreads.find().newThread("drivetrain-migrations", attempts::untilReady);
      retrying.start();
    }
  }

  void destroyed(@Observes @Priority(50) @BeforeDestroyed(ApplicationScoped.class) Object event) {
    stop();
  }

  void shutdown(@Observes @Priority(50) Shutdown event) {
    stop();
  }

  private synchronized void stop() {
    if (retrying != null) {
      retrying.interrupt();
    }
  }

  @Override
  public String name() {
    return "database migrations";
  }

  @Override
  public CompletionStage<Void> met() {
    return attempts().ready();
  }

  /** Why the schema is not ready; null when it is. */
  public String problem() {
    return progress().problem();
  }

  /** For health. */
  public Attempts.Progress progress() {
    return attempts().progress();
  }

  private synchronized Attempts attempts() {
    if (attempts == null) {
      MigrationSettings settings = MigrationSettings.of(Settings.of(ConfigProvider.getConfig()));
      Attempts made =
          new Attempts(
              () ->
                  new Migrations(
                      DatabaseSettings.dataSource(settings.dataSourceKey(), settings.dataSource()),
                      settings.schema()),
              settings.mode());
      done = made.first();
      attempts = made;
    }
    return attempts;
  }
}
