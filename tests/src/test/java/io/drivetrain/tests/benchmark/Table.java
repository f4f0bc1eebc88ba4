package io.drivetrain.tests.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Prints the results of a race in Markdown. */
final class Table {
  private final Race race;
  private final Map<Contender, List<Figures>> results;

  Table(Race race, Map<Contender, List<Figures>> results) {
    this.race = race;
    this.results = results;
  }

  void print() {
    System.out.printf(
        Locale.ROOT,
        "%n%s: %,d records, %d partitions, %d rounds, JDK %s, %d cores%n%n",
        race.title(),
        race.records(),
        race.partitions(),
        Math.max(1, race.rounds() - 1),
        Runtime.version(),
        Runtime.getRuntime().availableProcessors());
    if (race == Race.LATENCY) {
      printLatencies();
    } else {
      printRates();
    }
  }

  private List<Contender> ran() {
    return race.contenders().stream()
        .filter(contender -> !results.getOrDefault(contender, List.of()).isEmpty())
        .toList();
  }

  private void printLatencies() {
    System.out.println("| consumer | p50 us | p99 us | p99.9 us | longest us | CPU us/record |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    for (Contender contender : ran()) {
      Figures figures = results.get(contender).get(0);
      long[] at = figures.latencies();
      if (at.length == 0) {
        System.out.printf("| %s | did not keep up | | | | |%n", contender.label());
      } else {
        System.out.printf(
            Locale.ROOT,
            "| %s | %,d | %,d | %,d | %,d | %.2f |%n",
            contender.label(),
            at[0],
            at[1],
            at[2],
            at[3],
            figures.cpuMicros());
      }
    }
  }

  private void printRates() {
    System.out.println(
        "| consumer | records | records/s min | median | max | CPU us/record median |"
            + " rate, times the first row's | CPU, times the first row's |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|");
    for (Contender contender : ran()) {
      List<Figures> figures = results.get(contender);
      double[] rates = sorted(figures, Figures::rate);
      Contender first = ran().get(0);
      System.out.printf(
          Locale.ROOT,
          "| %s | %,d | %,.0f | %,.0f | %,.0f | %.3f | %.2f | %.2f |%n",
          contender.label(),
          figures.get(0).records(),
          rates[0],
          median(contender, Figures::rate),
          rates[rates.length - 1],
          median(contender, Figures::cpuMicros),
          median(contender, Figures::rate) / median(first, Figures::rate),
          median(contender, Figures::cpuMicros) / median(first, Figures::cpuMicros));
    }
    System.out.println();
    Target.of(race).forEach(this::print);
  }

  private void print(Target target) {
    if (ran().contains(target.ours()) && ran().contains(target.peer())) {
      System.out.printf(
          Locale.ROOT,
          "%s: %.2f x the rate of %s with %.2f x its CPU per record%s%n",
          target.ours().label(),
          median(target.ours(), Figures::rate) / median(target.peer(), Figures::rate),
          target.peer().label(),
          median(target.ours(), Figures::cpuMicros) / median(target.peer(), Figures::cpuMicros),
          target.rate() == 0 ? "" : String.format(Locale.ROOT, " (target: %.2f x)", target.rate()));
    }
  }

  private double median(Contender contender, ToDoubleFunction<Figures> figure) {
    double[] sorted = sorted(results.get(contender), figure);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double[] sorted(List<Figures> figures, ToDoubleFunction<Figures> figure) {
    double[] values = figures.stream().mapToDouble(figure).toArray();
    Arrays.sort(values);
    return values;
  }

  /**
   * Two contenders worth a sentence.
   *
   * @param rate the least that the first one's rate should be, times the second one's; 0 if none
   */
  private record Target(Contender ours, Contender peer, double rate) {
    static List<Target> of(Race race) {
      return ALL.stream().filter(target -> target.ours.race() == race).toList();
    }

    private static final List<Target> ALL =
        List.of(
            new Target(Contender.DRIVETRAIN_STRING, Contender.RAW_STRING, 0.4),
            new Target(Contender.DRIVETRAIN_STRING, Contender.SMALLRYE_STRING, 4),
            new Target(Contender.DRIVETRAIN_STRING, Contender.SPRING_RECORD, 0),
            new Target(Contender.DRIVETRAIN_LIST, Contender.RAW_STRING, 0.8),
            new Target(Contender.DRIVETRAIN_LIST, Contender.SMALLRYE_LIST, 6),
            new Target(Contender.DRIVETRAIN_LIST, Contender.SPRING_BATCH, 0),
            new Target(Contender.DRIVETRAIN_JSON, Contender.RAW_JSON, 0),
            new Target(Contender.DRIVETRAIN_POISONED, Contender.DRIVETRAIN_HEALTHY, 0.95),
            new Target(Contender.SMALLRYE_POISONED, Contender.SMALLRYE_HEALTHY, 0),
            new Target(Contender.SPRING_POISONED, Contender.SPRING_HEALTHY, 0),
            new Target(Contender.DRIVETRAIN_5_WORKERS, Contender.DRIVETRAIN_1_WORKER, 4.8),
            new Target(Contender.DRIVETRAIN_5_WORKERS, Contender.SPRING_5_CONSUMERS, 0),
            new Target(Contender.DRIVETRAIN_BY_KEY, Contender.PARALLEL_BY_KEY, 0));
  }
}
