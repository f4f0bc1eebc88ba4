package io.drivetrain.connector;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One assigned partition at one moment.
 *
 * @param topic the topic
 * @param partition the partition's number
 * @param nextOffset the offset that a commit would store: of the first record that is not
 *     processed; -1 before the first
 * @param queued records fetched and not yet handed to the consumer method
 * @param inFlight whether the consumer method has records of it now
 * @param ahead records that are processed while an earlier one is not; only with {@code
 *     ordering=key}
 * @param failing how many records pause after a failure: at most one, with {@code ordering=key} at
 *     most one per key
 * @param pauses their pauses, the lowest offsets first, at most {@value #MOST_PAUSES}
 */
public record PartitionState(
    String topic,
    int partition,
    long nextOffset,
    int queued,
    boolean inFlight,
    int ahead,
    int failing,
    List<Pause> pauses) {

  /** The most pauses that are listed. */
  public static final int MOST_PAUSES = 100;

  /** Copies the list. */
  public PartitionState {
    pauses = List.copyOf(pauses);
  }

  /** The pause after a failure, the one of the lowest offset if there are several. */
  public Optional<Pause> pause() {
    return pauses.stream().findFirst();
  }

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
