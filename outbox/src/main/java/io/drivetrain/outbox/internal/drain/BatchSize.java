package io.drivetrain.outbox.internal.drain;

import java.time.Duration;

/**
 * How many rows to read at once: more while a backlog is worked off and Kafka keeps up, fewer when
 * a batch takes long, for a shard changes hands only between batches. Owned by the draining thread.
 */
final class BatchSize {
  private static final int FIRST = 500;
  private static final int SMALLEST = 100;
  private static final Duration LONG = Duration.ofSeconds(1);

  private final int largest;
  private int rows;

  /** So many rows are read one by one. */
  private int oneByOne;

  /**
   * @param largest what it never exceeds
   */
  BatchSize(int largest) {
    this.largest = largest;
    this.rows = Math.min(FIRST, largest);
  }

  int rows() {
    return oneByOne > 0 ? 1 : rows;
  }

  /**
   * These rows were given up because Kafka said nothing to them. Older clients (3.9.1) split what
   * is larger than its topic takes into parts as large as before, and try that for ever
   * (KAFKA-8350); a record by itself is not split.
   */
  void stuck(int given) {
    oneByOne = given;
  }

  /** So many rows were read. */
  void read(int count) {
    oneByOne = Math.max(0, oneByOne - count);
  }

  /** As many rows as this were read: probably there are more. */
  void full() {
    rows = Math.min(2 * rows, largest);
  }

  /** Kafka has acknowledged a batch. */
  void acknowledged(Duration time) {
    if (time.compareTo(LONG) > 0) {
      rows = Math.min(Math.max(rows / 2, SMALLEST), largest);
    }
  }
}
