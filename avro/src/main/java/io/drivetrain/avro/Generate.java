package io.drivetrain.avro;

import io.drivetrain.avro.internal.generate.Generator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * The command that writes a JPA entity and the Flyway migration of its table from a schema: a first
 * version, to be read and changed.
 */
public final class Generate {
  private static final int WRONG_USAGE = 2;
  private static final List<String> OPTIONS =
      List.of("--schema", "--package", "--version", "--key", "--table", "--java", "--sql");
  private static final String USAGE =
      """
      Writes a JPA entity and the Flyway migration of its table from an Avro schema.

        --schema   an .avsc file
        --package  the entity's package
        --version  of the migration, for example 3
        --key      the field that is the id; default id
        --table    default: as the schema is called
        --java     the directory of sources; default src/main/java
        --sql      the directory of migrations; default src/main/resources/db/migration

      Exit codes: 0 done, 1 the files cannot be written or are there already, 2 wrong usage.
      """;

  private Generate() {}

  /** Writes both files and ends the JVM with an exit code. */
  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /**
   * Writes both files.
   *
   * @return the exit code
   */
  static int run(String[] args, PrintStream out, PrintStream err) {
    if (args.length == 0 || Arrays.asList(args).contains("--help")) {
      out.print(USAGE);
      return args.length == 0 ? WRONG_USAGE : 0;
    }
    try {
      Map<String, String> options = options(args);
      Schema schema = new Schema.Parser().parse(Path.of(required(options, "--schema")).toFile());
      Generator generator =
          new Generator(
              schema, options.getOrDefault("--table", ""), options.getOrDefault("--key", "id"));
      List<Path> files =
          generator.write(
              Path.of(options.getOrDefault("--java", "src/main/java")),
              options.getOrDefault("--package", ""),
              Path.of(options.getOrDefault("--sql", "src/main/resources/db/migration")),
              required(options, "--version"));
      files.forEach(file -> out.println("wrote " + file));
      generator.leftOut().forEach(field -> out.println("left out " + field));
      return 0;
    } catch (IllegalArgumentException | org.apache.avro.AvroRuntimeException e) {
      err.println(e.getMessage());
      err.println("See --help.");
      return WRONG_USAGE;
    } catch (IOException e) {
      err.println(e.getMessage());
      return 1;
    }
  }

  private static Map<String, String> options(String[] args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!OPTIONS.contains(args[i])) {
        throw new IllegalArgumentException("'" + args[i] + "' is not an option");
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " has no value");
      }
      options.put(args[i], args[i + 1]);
    }
    return options;
  }

  private static String required(Map<String, String> options, String name) {
    if (!options.containsKey(name)) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return options.get(name);
  }
}
