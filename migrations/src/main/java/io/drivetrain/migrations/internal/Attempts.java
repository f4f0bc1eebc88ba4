package io.drivetrain.migrations.internal;

import io.drivetrain.migrations.DatabaseAwayException;
import io.drivetrain.migrations.MigrationException;
import io.drivetrain.migrations.Migrations;
import io.drivetrain.migrations.SchemaState;
import io.drivetrain.schema.platform.Backoff;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Brings one schema to its version, at once or as soon as the database answers. The first attempt
 * belongs to the deploying thread, all others to the thread that runs {@link #untilReady}; {@link
 * #progress} and {@link #ready} may be read by any.
 */
final class Attempts {
  private static final Logger LOG = System.getLogger(Attempts.class.getName());

  /** What is done with the schema at the start. */
  enum Mode {
    MIGRATE,
    VALIDATE,
    OFF
  }

  /**
   * How far it has come.
   *
   * @param problem why the schema is not ready, null when it is
   * @param state null until the database has answered
   */
  record Progress(Mode mode, String problem, SchemaState state) {}

  private final Supplier<Migrations> migrations;
  private final Mode mode;
  private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  /** Written by the one thread that tries, read by any. */
  private volatile Progress progress;

  /**
   * Has tried nothing yet.
   *
   * @param migrations asked for at each attempt, and never where nothing is to be done: an
   *     application without migrations need not have their data source
   */
  Attempts(Supplier<Migrations> migrations, Mode mode) {
    this.migrations = migrations;
    this.mode = mode;
    this.progress = new Progress(mode, "has not been tried yet", null);
  }

  CompletionStage<Void> ready() {
    return ready.minimalCompletionStage();
  }

  Progress progress() {
    return progress;
  }

  /**
   * Tries once, during deployment.
   *
   * @return whether the schema is ready; false if the database is away and it is worth going on
   * @throws MigrationException if the database answers and the schema cannot be used
   */
  boolean first() {
    try {
      attempt();
      return true;
    } catch (DatabaseAwayException e) {
      progress = new Progress(mode, e.getMessage(), null);
      LOG.log(
          Level.WARNING,
          "{0}; the application starts without it, channels and outbox wait, and the schema is"
              + " looked at again until it answers",
          e.getMessage());
      return false;
    }
  }

  /** Tries until the schema is ready or the thread is interrupted. Each new problem is one line. */
  void untilReady() {
    boolean done = false;
    while (!done && !Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(backoff.failed().toMillis());
        attempt();
        done = true;
      } catch (MigrationException e) {
        boolean known = e.getMessage().equals(progress.problem());
        progress = new Progress(mode, e.getMessage(), progress.state());
        if (!known) {
          LOG.log(e instanceof DatabaseAwayException ? Level.WARNING : Level.ERROR, e.getMessage());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void attempt() {
    if (mode == Mode.OFF) {
      ready.complete(null);
      progress = new Progress(mode, null, null);
      return;
    }
    Migrations schema = migrations.get();
    int applied = 0;
    if (mode == Mode.MIGRATE) {
      applied = schema.migrate();
    } else {
      schema.validate();
    }
    SchemaState state = schema.info();
    progress = new Progress(mode, null, state);
    LOG.log(
        Level.INFO,
        "The schema {0} is at version {1}, {2} applied now",
        state.schema(),
        state.version().orElse("none"),
        applied);
    ready.complete(null);
  }
}
