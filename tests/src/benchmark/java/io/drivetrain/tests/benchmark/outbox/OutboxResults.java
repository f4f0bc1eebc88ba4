package io.drivetrain.tests.benchmark.outbox;

import io.drivetrain.tests.benchmark.Figures;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Prints the results of all races in Markdown. */
final class OutboxResults {
  private final Map<OutboxContender, List<Figures>> results;

  OutboxResults(Map<OutboxContender, List<Figures>> results) {
    this.results = results;
  }

  void print() {
    for (OutboxRace race : OutboxRace.values()) {
      List<OutboxContender> ran =
          results.keySet().stream().filter(contender -> contender.race() == race).toList();
      if (!ran.isEmpty()) {
        System.out.printf(
            Locale.ROOT,
            "%n%s, JDK %s, %d cores%n%n",
            race.title(),
            Runtime.version(),
            Runtime.getRuntime().availableProcessors());
        switch (race) {
          case LATENCY -> latencies(ran);
          case BUSINESS -> business(ran);
          default -> rates(ran);
        }
      }
    }
    System.out.println();
    Ratio.ALL.forEach(this::print);
  }

  private void rates(List<OutboxContender> ran) {
    System.out.println("| outbox | events | events/s min | median | max | CPU us/event |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    for (OutboxContender contender : ran) {
      List<Figures> figures = results.get(contender);
      System.out.printf(
          Locale.ROOT,
          "| %s | %,d | %,.0f | %,.0f | %,.0f | %.2f |%n",
          contender.label(),
          figures.get(0).records(),
          figures.stream().mapToDouble(Figures::rate).min().orElseThrow(),
          median(contender, Figures::rate),
          figures.stream().mapToDouble(Figures::rate).max().orElseThrow(),
          median(contender, Figures::cpuMicros));
    }
  }

  private void latencies(List<OutboxContender> ran) {
    System.out.println("| outbox | tx/s | p50 ms | p99 ms | p99.9 ms | longest ms |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    for (OutboxContender contender : ran) {
      Figures figures = results.get(contender).get(0);
      long[] at = figures.latencies();
      System.out.printf(
          Locale.ROOT,
          "| %s | %,.0f | %.1f | %.1f | %.1f | %.1f |%n",
          contender.label(),
          figures.rate(),
          at[0] / 1e3,
          at[1] / 1e3,
          at[2] / 1e3,
          at[3] / 1e3);
    }
  }

  private void business(List<OutboxContender> ran) {
    System.out.println("| outbox | tx/s without event | with one | ratio |");
    System.out.println("|---|---:|---:|---:|");
    for (OutboxContender contender : ran) {
      long[] rates = results.get(contender).get(0).latencies();
      System.out.printf(
          Locale.ROOT,
          "| %s | %,d | %,d | %.2f |%n",
          contender.label(),
          rates[0],
          rates[1],
          (double) rates[1] / rates[0]);
    }
  }

  private void print(Ratio ratio) {
    if (results.containsKey(ratio.ours()) && results.containsKey(ratio.other())) {
      System.out.printf(
          Locale.ROOT,
          "%s: %.2f x the rate of %s%s%n",
          ratio.ours().label(),
          median(ratio.ours(), Figures::rate) / median(ratio.other(), Figures::rate),
          ratio.other().label(),
          ratio.least() == 0 ? "" : String.format(Locale.ROOT, " (target: %.1f x)", ratio.least()));
    }
  }

  private double median(OutboxContender contender, ToDoubleFunction<Figures> figure) {
    double[] sorted = results.get(contender).stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }

  /** Two contenders worth a sentence; the least our rate should be, 0 if none. */
  private record Ratio(OutboxContender ours, OutboxContender other, double least) {
    static final List<Ratio> ALL =
        List.of(
            new Ratio(OutboxContender.DRIVETRAIN, OutboxContender.BARE, 0.5),
            new Ratio(OutboxContender.DRIVETRAIN, OutboxContender.LOOP, 4),
            new Ratio(OutboxContender.DRIVETRAIN, OutboxContender.ROW, 0),
            new Ratio(OutboxContender.DRIVETRAIN, OutboxContender.GRUELBOX, 0),
            new Ratio(OutboxContender.DRIVETRAIN, OutboxContender.NAMASTACK, 0),
            new Ratio(OutboxContender.DRIVETRAIN, OutboxContender.DEBEZIUM, 0),
            new Ratio(OutboxContender.DRIVETRAIN_1, OutboxContender.INSERT_1, 0),
            new Ratio(OutboxContender.DRIVETRAIN_50, OutboxContender.INSERT_50, 0.8),
            new Ratio(OutboxContender.DRIVETRAIN_500, OutboxContender.INSERT_500, 0),
            new Ratio(OutboxContender.DRIVETRAIN_50, OutboxContender.LOOP_50, 0),
            new Ratio(OutboxContender.DRIVETRAIN_50, OutboxContender.GRUELBOX_50, 0),
            new Ratio(OutboxContender.DRIVETRAIN_50, OutboxContender.DEBEZIUM_50, 0));
  }
}
