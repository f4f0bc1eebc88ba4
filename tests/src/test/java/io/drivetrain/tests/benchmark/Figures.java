package io.drivetrain.tests.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What came out of one round.
 *
 * @param records how many records count
 * @param wallNanos from the first to the last of them
 * @param cpuNanos the consuming process's CPU time in between
 * @param latencies micros at the percentiles 50, 99 and 99.9 and the longest; empty where none was
 *     taken
 */
public record Figures(long records, long wallNanos, long cpuNanos, long... latencies) {
  private static final String PREFIX = "figures ";

  /** Whether a line of output is one. */
  public static boolean isLine(String line) {
    return line.startsWith(PREFIX);
  }

  /** Reads a line. */
  public static Figures parse(String line) {
    long[] all =
        Arrays.stream(line.substring(PREFIX.length()).split(" "))
            .mapToLong(Long::parseLong)
            .toArray();
    return new Figures(all[0], all[1], all[2], Arrays.copyOfRange(all, 3, all.length));
  }

  /** One line of output. */
  public String toLine() {
    return PREFIX
        + records
        + " "
        + wallNanos
        + " "
        + cpuNanos
        + Arrays.stream(latencies).mapToObj(value -> " " + value).collect(Collectors.joining());
  }

  /** Records per second. */
  public double rate() {
    return records * 1e9 / wallNanos;
  }

  /** Microseconds of CPU per record. */
  public double cpuMicros() {
    return cpuNanos / 1e3 / Math.max(1, records);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d records, %,.0f/s, %.3f us of CPU per record%s",
        records,
        rate(),
        cpuMicros(),
        latencies.length == 0 ? "" : ", latencies in us " + Arrays.toString(latencies));
  }
}
