package io.drivetrain.tests.faults;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Collects the results of the trials of this JVM and prints them after the last. Thread-safe. */
final class FaultTable implements BeforeAllCallback {
  private static final List<String> ROWS = new CopyOnWriteArrayList<>();
  private static final List<String> RESULTS = new CopyOnWriteArrayList<>();

  static void add(String fault, Verdict verdict) {
    ROWS.add(
        "| %s | %,d | %d | %d | %d | %,d | %d |"
            .formatted(
                fault,
                verdict.records(),
                verdict.lost().size(),
                verdict.outOfOrder().size(),
                verdict.committedUndone().size(),
                verdict.duplicates(),
                verdict.needlessDuplicates().size()));
  }

  /** Another result, printed below the table. */
  static void add(String result) {
    RESULTS.add(result);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    AutoCloseable print = FaultTable::print;
    context
        .getRoot()
        .getStore(Namespace.create(FaultTable.class))
        .computeIfAbsent("table", key -> print, AutoCloseable.class);
  }

  private static void print() {
    if (!ROWS.isEmpty()) {
      printTable();
    }
    RESULTS.forEach(System.out::println);
  }

  private static void printTable() {
    System.out.println();
    System.out.println(
        "| fault | records | lost | out of order | committed but not done | done twice |"
            + " of these needless |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|");
    ROWS.forEach(System.out::println);
    System.out.println();
  }
}
