package io.drivetrain.migrations;

import io.drivetrain.schema.platform.DatabaseSettings;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The command {@code java -jar drivetrain-migrations-<version>-runner.jar}. The password comes from
 * the environment only: arguments are visible to every user of the machine.
 */
public final class Runner {
  private static final String PASSWORD = "DRIVETRAIN_DB_PASSWORD";
  private static final List<String> OPTIONS = List.of("--url", "--user", "--schema");

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;
  private static final int AWAY = 3;

  static final String USAGE =
      """
      Usage: java -jar drivetrain-migrations-<version>-runner.jar COMMAND --url URL --user USER [--schema SCHEMA]

      Commands
        migrate    apply what is missing
        info       show every version and whether it is applied
        validate   check that the schema is what this build needs; changes nothing

      Options
        --url      for example jdbc:postgresql://localhost:5432/shop
        --user     the database role
        --schema   the schema that holds the tables; default drivetrain

      The password is read from the environment variable DRIVETRAIN_DB_PASSWORD.

      Exit codes: 0 done, 1 the schema is not as it should be or cannot be migrated,
      2 wrong usage, 3 the database cannot be reached.
      """;

  private Runner() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    Logger.getLogger("org.flywaydb").setLevel(Level.WARNING);
    System.exit(run(args, System.getenv(), System.out, System.err));
  }

  /**
   * Runs one command.
   *
   * @return the exit code
   */
  static int run(String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (args.length == 0 || List.of("help", "--help", "-h").contains(args[0])) {
      out.print(USAGE);
      return args.length == 0 ? WRONG_USAGE : OK;
    }
    try {
      Map<String, String> options = options(args);
      Migrations migrations =
          new Migrations(
              dataSource(options, environment), options.getOrDefault("--schema", "drivetrain"));
      return command(args[0], migrations, out);
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.println();
      err.print(USAGE);
      return WRONG_USAGE;
    } catch (DatabaseAwayException e) {
      err.println(e.getMessage());
      return AWAY;
    } catch (MigrationException e) {
      err.println(e.getMessage());
      return FAILED;
    }
  }

  private static int command(String command, Migrations migrations, PrintStream out) {
    switch (command) {
      case "migrate" -> {
        int applied = migrations.migrate();
        SchemaState state = migrations.info();
        out.printf(
            "Schema %s is at version %s; %d applied now.%n",
            state.schema(), state.version().orElse("none"), applied);
      }
      case "info" -> print(migrations.info(), out);
      case "validate" -> {
        migrations.validate();
        out.println("The schema is what this build needs.");
      }
      default ->
          throw new IllegalArgumentException(
              "'" + command + "' is not a command; expected migrate, info or validate");
    }
    return OK;
  }

  private static void print(SchemaState state, PrintStream out) {
    out.printf(
        "Schema %s: version %s, this build needs %s, %d pending%n",
        state.schema(), state.version().orElse("none"), state.expected(), state.pending());
    for (SchemaState.Step step : state.steps()) {
      out.printf(
          "  %-8s %-30s %-18s %s%n",
          step.version(),
          step.description(),
          step.state(),
          step.installedOn().map(Object::toString).orElse(""));
    }
  }

  private static Map<String, String> options(String[] args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 1; i < args.length; i += 2) {
      if (args[i].startsWith("--password")) {
        throw new IllegalArgumentException(
            "The password is not an argument; set the environment variable " + PASSWORD);
      }
      if (!OPTIONS.contains(args[i])) {
        throw new IllegalArgumentException(
            "'" + args[i] + "' is not an option; expected one of " + String.join(", ", OPTIONS));
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " has no value");
      }
      options.put(args[i], args[i + 1]);
    }
    String schema = options.get("--schema");
    if (schema != null) {
      try {
        DatabaseSettings.identifier(schema);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "--schema is '" + schema + "'; expected " + DatabaseSettings.EXPECTED_SCHEMA, e);
      }
    }
    return options;
  }

  private static DataSource dataSource(
      Map<String, String> options, Map<String, String> environment) {
    String url = required(options, "--url");
    if (url.contains("password=")) {
      throw new IllegalArgumentException(
          "--url holds a password; set the environment variable " + PASSWORD + " instead");
    }
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    try {
      dataSource.setURL(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--url is '" + url + "'; expected jdbc:postgresql://host:port/database", e);
    }
    dataSource.setUser(required(options, "--user"));
    dataSource.setPassword(environment.get(PASSWORD));
    return dataSource;
  }

  private static String required(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }
}
