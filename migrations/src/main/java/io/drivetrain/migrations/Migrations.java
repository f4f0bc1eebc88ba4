package io.drivetrain.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.exception.FlywayValidateException;

/**
 * Brings the {@code drivetrain} schema of one database to the version this build needs, or says how
 * it stands. It has a location, a schema and a history table ({@code flyway_schema_history} in that
 * schema) of its own, so it never meets the application's migrations. Any number of nodes may call
 * {@link #migrate} at once: they take turns under Flyway's lock. Immutable and thread-safe.
 *
 * <p>Every method throws {@link DatabaseAwayException} if the database does not answer.
 */
public final class Migrations {

  /** Where the SQL files are on the class path. */
  public static final String LOCATION = "io/drivetrain/migrations/postgresql";

  private static final String RUNNER = "java -jar drivetrain-migrations-<version>-runner.jar ";

  private final DataSource dataSource;
  private final String schema;

  /**
   * For one schema of one database.
   *
   * @param dataSource gives connections of a role that may create the schema's tables
   * @param schema a plain lower-case name; created if missing
   */
  public Migrations(DataSource dataSource, String schema) {
    this.dataSource = dataSource;
    this.schema = schema;
  }

  /**
   * Applies what is missing; does nothing if nothing is.
   *
   * @return how many versions were applied
   * @throws MigrationException if a version failed, was changed after it was applied, or a newer
   *     build has been here
   */
  public int migrate() {
    requireDatabase();
    refuseNewer(info());
    try {
      return flyway().migrate().migrationsExecuted;
    } catch (FlywayException e) {
      throw failure("cannot be migrated", e);
    }
  }

  /** How the schema stands; changes nothing. */
  public SchemaState info() {
    requireDatabase();
    try {
      List<SchemaState.Step> steps = new ArrayList<>();
      String expected = "none";
      Optional<String> version = Optional.empty();
      for (MigrationInfo info : flyway().info().all()) {
        if (info.getVersion() == null) {
          continue; // Flyway's own note that it made the schema
        }
        steps.add(step(info));
        if (info.getState().isResolved()) {
          expected = info.getVersion().toString();
        }
        if (info.getState().isApplied()) {
          version = Optional.of(info.getVersion().toString());
        }
      }
      return new SchemaState(schema, version, expected, steps);
    } catch (FlywayException e) {
      throw failure("cannot be examined", e);
    }
  }

  /**
   * Checks that the schema is exactly what this build needs; changes nothing.
   *
   * @throws MigrationException if it is older, newer, half done or changed
   */
  public void validate() {
    SchemaState state = info();
    refuseNewer(state);
    if (state.pending() > 0) {
      throw new MigrationException(
          "The schema "
              + schema
              + " is at "
              + state.version().map(version -> "version " + version).orElse("no version")
              + " and this build needs version "
              + state.expected()
              + "; run: "
              + RUNNER
              + "migrate");
    }
    try {
      flyway().validate();
    } catch (FlywayException e) {
      throw failure("is not as its migrations made it", e);
    }
  }

  private void refuseNewer(SchemaState state) {
    if (state.newer()) {
      throw new MigrationException(
          "The schema "
              + schema
              + " is at version "
              + state.version().orElse("?")
              + ", made by a newer Drivetrain; this build knows versions up to "
              + state.expected()
              + ": deploy the newer build, or restore the database from before it was migrated");
    }
  }

  private static SchemaState.Step step(MigrationInfo info) {
    return new SchemaState.Step(
        info.getVersion().toString(),
        info.getDescription(),
        info.getState().getDisplayName(),
        Optional.ofNullable(info.getInstalledOn())
            .map(date -> Instant.ofEpochMilli(date.getTime())),
        kind(info.getState()));
  }

  private static SchemaState.Kind kind(MigrationState state) {
    if (state.isFailed()) {
      return SchemaState.Kind.FAILED;
    }
    if (!state.isApplied()) {
      return SchemaState.Kind.PENDING;
    }
    return state.isResolved() ? SchemaState.Kind.DONE : SchemaState.Kind.NEWER;
  }

  private Flyway flyway() {
    // The loader of this class, not the thread's: that is where the SQL files are.
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(dataSource)
        .locations("classpath:" + LOCATION)
        // On Open Liberty Flyway finds a class-path directory only by the empty file
        // flyway.location
        // in it, and without it succeeds with nothing done.
        .failOnMissingLocations(true)
        .schemas(schema)
        .defaultSchema(schema)
        .createSchemas(true)
        .table("flyway_schema_history")
        .placeholders(Map.of("schema", schema))
        .cleanDisabled(true)
        .load();
  }

  /** Tells a database that is away from everything else that can fail, before Flyway mixes them. */
  private void requireDatabase() {
    try (Connection connection = dataSource.getConnection()) {
      if (!connection.isValid(5)) {
        throw new SQLException("the connection is not valid", "08006");
      }
    } catch (SQLException e) {
      throw away(e);
    }
  }

  private static DatabaseAwayException away(SQLException cause) {
    return new DatabaseAwayException("The database cannot be reached: " + sentence(cause), cause);
  }

  private MigrationException failure(String what, FlywayException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        if (isAway(sql)) {
          return away(sql);
        }
        return new MigrationException(
            "The schema " + schema + " " + what + ": " + sentence(sql), e);
      }
    }
    String advice = e instanceof FlywayValidateException ? "; see: " + RUNNER + "info" : "";
    return new MigrationException(
        "The schema " + schema + " " + what + ": " + sentence(e) + advice, e);
  }

  private static boolean isAway(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
  }

  /** The first lines of a message as one; the driver's and Flyway's go on for paragraphs. */
  private static String sentence(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .limit(3)
        .map(line -> line.endsWith(".") ? line.substring(0, line.length() - 1) : line)
        .reduce((a, b) -> a + "; " + b)
        .orElse(message);
  }
}
