package io.drivetrain.schema.platform;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The arguments of a command on the database: a word, perhaps an id, then options. The password
 * comes from the environment only, because arguments are visible to every user of the machine.
 * Immutable. Every method that finds something wrong throws {@link IllegalArgumentException} with a
 * sentence.
 */
public final class CommandLine {

  /** Where the password is. */
  public static final String PASSWORD = "DRIVETRAIN_DB_PASSWORD";

  private static final Set<String> DATABASE = Set.of("--url", "--user", "--schema");

  private final String command;
  private final Optional<String> argument;
  private final Map<String, String> values;
  private final Set<String> flags;
  private final Map<String, String> environment;

  private CommandLine(
      String command,
      Optional<String> argument,
      Map<String, String> values,
      Set<String> flags,
      Map<String, String> environment) {
    this.command = command;
    this.argument = argument;
    this.values = values;
    this.flags = flags;
    this.environment = environment;
  }

  /**
   * Reads arguments.
   *
   * @param args the command first
   * @param options with a value, beside {@code --url}, {@code --user} and {@code --schema}
   * @param flags options without a value
   */
  public static CommandLine of(
      String[] args, Map<String, String> environment, List<String> options, List<String> flags) {
    Map<String, String> values = new HashMap<>();
    Set<String> set = new HashSet<>();
    int next = 1;
    Optional<String> argument = Optional.empty();
    if (next < args.length && !args[next].startsWith("--")) {
      argument = Optional.of(args[next++]);
    }
    while (next < args.length) {
      String name = args[next++];
      if (name.startsWith("--password")) {
        throw new IllegalArgumentException(
            "The password is not an argument; set the environment variable " + PASSWORD);
      }
      if (flags.contains(name)) {
        set.add(name);
      } else if (!DATABASE.contains(name) && !options.contains(name)) {
        throw new IllegalArgumentException("'" + name + "' is not an option; see --help");
      } else if (next == args.length) {
        throw new IllegalArgumentException(name + " has no value");
      } else {
        values.put(name, args[next++]);
      }
    }
    return new CommandLine(args[0], argument, values, set, environment);
  }

  /** The word. */
  public String command() {
    return command;
  }

  /** What follows the word without being an option. */
  public Optional<String> argument() {
    return argument;
  }

  /** An option's value. */
  public Optional<String> value(String option) {
    return Optional.ofNullable(values.get(option));
  }

  /** An option's value, which must be there. */
  public String required(String option) {
    return value(option).orElseThrow(() -> new IllegalArgumentException(option + " is missing"));
  }

  /** Whether a flag is there. */
  public boolean has(String flag) {
    return flags.contains(flag);
  }

  /** The database's address, without a password. */
  public String url() {
    String url = required("--url");
    if (url.contains("password=")) {
      throw new IllegalArgumentException(
          "--url holds a password; set the environment variable " + PASSWORD + " instead");
    }
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "--url is '" + url + "'; expected jdbc:postgresql://host:port/database");
    }
    return url;
  }

  /** The database role. */
  public String user() {
    return required("--user");
  }

  /** The role's password; null for none. */
  public String password() {
    return environment.get(PASSWORD);
  }

  /** The schema with the tables. */
  public String schema() {
    String schema = value("--schema").orElse("drivetrain");
    try {
      return DatabaseSettings.identifier(schema);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--schema is '" + schema + "'; expected " + DatabaseSettings.EXPECTED_SCHEMA, e);
    }
  }
}
