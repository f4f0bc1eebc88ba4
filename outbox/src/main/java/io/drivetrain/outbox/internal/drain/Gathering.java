package io.drivetrain.outbox.internal.drain;

import java.time.Duration;

/**
 * How long to let events gather before the next read. A read and a delete cost the same for one row
 * as for many; while transactions commit one after the other, a drainer that looked after each of
 * them would take from them what the machine can do. After a read that found few, nothing is waited
 * for. Owned by the draining thread; decides, and does nothing itself.
 */
final class Gathering {
  /** After so few the next read is at once: the machine has time to spare. */
  private static final int FEW = 3;

  private static final Duration TIME = Duration.ofMillis(5);

  private boolean many;
  private long readAt;

  /**
   * A read is done.
   *
   * @param at when it began, monotonic, in nanoseconds
   * @param rows how many it found
   * @param limit how many it might have found
   */
  void read(long at, int rows, int limit) {
    readAt = at;
    many = rows > FEW && rows < limit;
  }

  /** For how long not to read, in nanoseconds; 0 or less if it is time. */
  long remaining(long now) {
    return many ? TIME.toNanos() - (now - readAt) : 0;
  }
}
