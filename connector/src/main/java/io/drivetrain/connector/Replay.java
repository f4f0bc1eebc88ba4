package io.drivetrain.connector;

import java.util.List;
import java.util.Optional;

/**
 * What a replay did.
 *
 * @param replayed records sent back, and stored
 * @param refused letters that were not and stay in the dead-letter topic; a later replay does not
 *     come to them again unless it names one
 * @param refusals the first 1000 of them
 * @param others letters of other groups or channels in the same topic, passed over
 * @param remaining letters not come to, of those there were when it began; counted in offsets,
 *     which may have gaps
 * @param problem what ended it early, if anything but its limit or its time did
 */
public record Replay(
    int replayed,
    int refused,
    List<Refusal> refusals,
    int others,
    long remaining,
    Optional<String> problem) {

  /**
   * A letter that was not replayed.
   *
   * @param partition its partition in the dead-letter topic
   * @param offset its offset there
   * @param reason why
   */
  public record Refusal(int partition, long offset, String reason) {}

  /** Copies. */
  public Replay {
    refusals = List.copyOf(refusals);
  }
}
