package io.drivetrain.tests.faults;

import java.util.List;
import java.util.Map;

/**
 * What a trial left behind.
 *
 * @param ends how many records each partition holds
 * @param effects every effect, in the order in which they happened
 * @param commits what was committed at some moments, in their order
 */
record History(Map<Integer, Long> ends, List<Effect> effects, List<Commits> commits) {

  /**
   * What was committed at one moment.
   *
   * @param effects how many effects had happened when the offsets had been read, or soon after
   * @param offsets by partition, the offset that a new owner would begin with
   */
  record Commits(int effects, Map<Integer, Long> offsets) {}
}
