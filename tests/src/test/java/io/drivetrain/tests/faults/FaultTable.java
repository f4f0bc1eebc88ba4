package io.drivetrain.tests.faults;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Collects one line per trial of this JVM and prints them after the last test. Thread-safe. */
final class FaultTable implements BeforeAllCallback {
  private static final List<String> ROWS = new CopyOnWriteArrayList<>();

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

  @Override
  public void beforeAll(ExtensionContext context) {
    AutoCloseable print = FaultTable::print;
    context
        .getRoot()
        .getStore(Namespace.create(FaultTable.class))
        .computeIfAbsent("table", key -> print, AutoCloseable.class);
  }

  private static void print() {
    System.out.println();
    System.out.println(
        "| fault | records | lost | out of order | committed but not done | done twice |"
            + " of these needless |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|");
    ROWS.forEach(System.out::println);
    System.out.println();
  }
}
