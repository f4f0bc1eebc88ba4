package io.drivetrain.migrations;

import io.drivetrain.schema.platform.CommandLine;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The command {@code java -jar drivetrain-migrations-<version>-runner.jar}. */
public final class Runner {
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
      CommandLine line = CommandLine.of(args, environment, List.of(), List.of());
      if (line.argument().isPresent()) {
        throw new IllegalArgumentException(
            "'" + line.argument().get() + "' is too much; " + args[0] + " takes options only");
      }
      return command(args[0], new Migrations(dataSource(line), line.schema()), out);
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

  private static DataSource dataSource(CommandLine line) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setURL(line.url());
    dataSource.setUser(line.user());
    dataSource.setPassword(line.password());
    return dataSource;
  }
}
