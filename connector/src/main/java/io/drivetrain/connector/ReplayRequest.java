package io.drivetrain.connector;

import java.time.Duration;
import java.util.Optional;

/**
 * Which dead letters to replay, and how. Immutable: begin with {@link #all()}.
 *
 * <pre>{@code
 * deadLetters.replay("orders", ReplayRequest.all().limit(100).maxReplays(1));
 * }</pre>
 *
 * @param limit the most records to send back
 * @param maxReplays a letter replayed so often already is refused
 * @param timeout how long to go on
 * @param toOriginalPartition whether a record goes to the partition it came from, if that exists;
 *     otherwise to that of its key
 * @param withOriginalTimestamp whether a record has the timestamp it had; otherwise that of now
 * @param only the one letter to replay; empty for the next ones
 */
public record ReplayRequest(
    int limit,
    int maxReplays,
    Duration timeout,
    boolean toOriginalPartition,
    boolean withOriginalTimestamp,
    Optional<Position> only) {

  /**
   * The place of a letter in the dead-letter topic.
   *
   * @param partition from 0
   * @param offset from 0
   */
  public record Position(int partition, long offset) {}

  /** Checks. */
  public ReplayRequest {
    if (limit < 1 || maxReplays < 1 || timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "limit is "
              + limit
              + ", maxReplays is "
              + maxReplays
              + " and timeout is "
              + timeout
              + "; expected more than 0");
    }
  }

  /**
   * All letters there are, for 30 s, each replayed three times at most, to the partitions they came
   * from and with the timestamp of now.
   */
  public static ReplayRequest all() {
    return new ReplayRequest(
        Integer.MAX_VALUE, 3, Duration.ofSeconds(30), true, false, Optional.empty());
  }

  /** Sends back so many records at most, from 1. */
  public ReplayRequest limit(int most) {
    return new ReplayRequest(
        most, maxReplays, timeout, toOriginalPartition, withOriginalTimestamp, only);
  }

  /** Refuses what was replayed so often already, from 1. */
  public ReplayRequest maxReplays(int most) {
    return new ReplayRequest(
        limit, most, timeout, toOriginalPartition, withOriginalTimestamp, only);
  }

  /** Goes on for so long; a send in progress then is still awaited, up to 30 s. */
  public ReplayRequest timeout(Duration most) {
    return new ReplayRequest(
        limit, maxReplays, most, toOriginalPartition, withOriginalTimestamp, only);
  }

  /** Lets the key decide the partition, as for a new record. */
  public ReplayRequest byKey() {
    return new ReplayRequest(limit, maxReplays, timeout, false, withOriginalTimestamp, only);
  }

  /**
   * Gives records the timestamp they had. A topic whose retention that exceeds may delete them
   * before they are read.
   */
  public ReplayRequest originalTimestamps() {
    return new ReplayRequest(limit, maxReplays, timeout, toOriginalPartition, true, only);
  }

  /**
   * Replays this one letter, also one that was refused before. The position of other replays does
   * not move: one it has not come to yet is replayed again then.
   */
  public ReplayRequest only(int partition, long offset) {
    return new ReplayRequest(
        limit,
        maxReplays,
        timeout,
        toOriginalPartition,
        withOriginalTimestamp,
        Optional.of(new Position(partition, offset)));
  }
}
