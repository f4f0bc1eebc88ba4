package io.drivetrain.tests.benchmark;

import java.util.List;
import java.util.Locale;

/** What contenders are compared in. */
enum Race {
  /** Small records, and nothing to do for each. */
  THROUGHPUT("Small records, nothing to do", 6, true, 3_000_000),
  /** The same, but the first record of one partition fails whenever it comes. */
  POISON("One of 6 partitions is stuck at its first record", 6, true, 1_000_000),
  /** Work of a millisecond, as a call to a database is, in partitions. */
  WORK("Work of 1 ms per record, in partitions", 5, false, 20_000),
  /** Work of a millisecond, in order per key. */
  KEYED_WORK("Work of 1 ms per record, 16 at once, in order per key", 1, false, 20_000),
  /** From the producer's send to the consumer's method, at a steady rate. */
  LATENCY("Latency at 10,000 records/s", 6, false, 10_000 * Latency.SECONDS);

  private final String title;
  private final int partitions;
  private final boolean warm;
  private final int records;

  Race(String title, int partitions, boolean warm, int records) {
    this.title = title;
    this.partitions = partitions;
    this.warm = warm;
    this.records = records;
  }

  String title() {
    return title;
  }

  int partitions() {
    return partitions;
  }

  /** How many rounds a contender runs; the first of several warms it up and does not count. */
  int rounds() {
    return warm ? 1 + Integer.getInteger("benchmark.rounds", 3) : 1;
  }

  /** How many records a round has. */
  int records() {
    String given = System.getProperty("benchmark.records." + name().toLowerCase(Locale.ROOT));
    return given == null ? records : Integer.parseInt(given);
  }

  List<Contender> contenders() {
    return List.of(Contender.values()).stream()
        .filter(contender -> contender.race() == this)
        .toList();
  }
}
