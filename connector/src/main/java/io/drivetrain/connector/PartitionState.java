package io.drivetrain.connector;

import java.time.Instant;
import java.util.Optional;

/**
 * One assigned partition at one moment.
 *
 * @param topic the topic
 * @param partition the partition's number
 * @param nextOffset the offset after the last one processed, which a commit would store; -1 before
 *     the first record
 * @param queued records fetched and not yet handed to the consumer method
 * @param inFlight whether the consumer method has records of it now
 * @param pause the pause after a failure, if it is in one
 */
public record PartitionState(
    String topic,
    int partition,
    long nextOffset,
    int queued,
    boolean inFlight,
    Optional<Pause> pause) {

  /**
   * A pause after a failure.
   *
   * @param offset the record that failed and comes first after the pause
   * @param attempt how often it has failed
   * @param since when the pause began
   * @param resumeAt when it ends; empty if only an operator, a reassignment or a restart ends it
   * @param failure the last failure's class and message
   */
  public record Pause(
      long offset, int attempt, Instant since, Optional<Instant> resumeAt, String failure) {}
}
