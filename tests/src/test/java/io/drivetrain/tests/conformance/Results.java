package io.drivetrain.tests.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Counts the scenarios that passed on one runtime and writes a line about it; as a program, prints
 * the lines of all runs as the table of docs/conformance.md.
 */
final class Results implements TestWatcher, AfterAllCallback {
  /** Where the lines of several runs come together; unset in an ordinary build. */
  private static final String FILE = System.getProperty("drivetrain.conformance.results");

  private final AppRuntime runtime;
  private int passed;
  private int failed;

  Results(AppRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    passed++;
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    failed++;
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    failed++;
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    failed++;
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    String line =
        String.join(
            "|",
            runtime.description() + ", JDK " + Runtime.version().feature(),
            runtime.kafkaClients(),
            passed + " of " + (passed + failed));
    System.out.println("Conformance: " + line);
    if (FILE != null) {
      Path file = Path.of(FILE);
      Files.createDirectories(file.getParent());
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  /**
   * Prints the table and forgets the lines; fails where not everything passed.
   *
   * @param arguments the file of lines
   */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    Set<String> clients = new TreeSet<>();
    boolean complete = true;
    for (String line : Files.readAllLines(file)) {
      List<String> parts = List.of(line.split("\\|"));
      rows.computeIfAbsent(parts.get(0), key -> new LinkedHashMap<>())
          .put(parts.get(1), parts.get(2));
      clients.add(parts.get(1));
      List<String> counts = List.of(parts.get(2).split(" of "));
      complete &= counts.get(0).equals(counts.get(1));
    }
    Files.delete(file);
    System.out.println("| runtime | kafka-clients " + String.join(" | ", clients) + " |");
    System.out.println("|---|" + "---|".repeat(clients.size()));
    rows.forEach(
        (runtime, cells) ->
            System.out.println(
                "| "
                    + runtime
                    + " | "
                    + String.join(
                        " | ",
                        clients.stream().map(client -> cells.getOrDefault(client, "-")).toList())
                    + " |"));
    if (!complete) {
      System.exit(1);
    }
  }
}
