package io.drivetrain.tests.benchmark;

import java.time.Instant;
import java.util.Arrays;

/**
 * Takes the time from send to method of each record, by the clock of the machine that both run on.
 * What comes in the first seconds warms up.
 */
final class Latency extends Sink {
  /** How long the producer sends. */
  static final int SECONDS = 25;

  static final int RECORDS_PER_SECOND = 10_000;
  private static final int MEASURED_SECONDS = 10;
  private static final int MEASURED = MEASURED_SECONDS * RECORDS_PER_SECOND;

  /** The consumer's start falls into this time too, and the records that wait for it. */
  private static final long WARM_UP_MICROS = 10_000_000;

  private final long[] micros = new long[MEASURED];
  private long measureFrom;
  private int measured;

  Latency() {
    super(SECONDS + 60L);
  }

  /** A payload of 100 bytes that says when it was made. */
  static String stamp() {
    return String.format("%-100d", now());
  }

  private static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  @Override
  void take(String value) {
    long now = now();
    if (measureFrom == 0) {
      measureFrom = now + WARM_UP_MICROS;
    }
    if (now < measureFrom || measured == MEASURED) {
      return;
    }
    if (measured == 0) {
      begin();
    }
    micros[measured++] = now - Long.parseLong(value, 0, value.indexOf(' '), 10);
    if (measured == MEASURED) {
      Arrays.sort(micros);
      end(MEASURED, at(0.5), at(0.99), at(0.999), micros[MEASURED - 1]);
    }
  }

  private long at(double percentile) {
    return micros[(int) (percentile * MEASURED)];
  }

  @Override
  long counted() {
    return measured;
  }
}
