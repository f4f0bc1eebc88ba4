package io.drivetrain.connector.internal.assignment;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Remembers at which failures a partition stood when it was taken away, so that a rebalance that
 * gives it back neither resets the counts of attempts nor shortens the pauses. Not thread-safe.
 */
final class Attempts {

  /** Of one partition, those of the lowest offsets: memory must not grow with moves. */
  private static final int MOST = 1_000;

  private final Map<TopicPartition, Map<Long, Failure>> remembered = new HashMap<>();

  void remember(TopicPartition partition, Collection<Failure> failures) {
    Map<Long, Failure> byOffset = new HashMap<>();
    failures.stream()
        .sorted(Comparator.comparingLong(Failure::offset))
        .limit(MOST)
        .forEach(failure -> byOffset.put(failure.offset(), failure));
    remembered.put(partition, byOffset);
  }

  /**
   * The failures of a partition that comes back, by offset; they are the caller's now. A pause
   * without an end does not survive the move.
   */
  Map<Long, Failure> recall(TopicPartition partition, long now) {
    Map<Long, Failure> failures = remembered.remove(partition);
    if (failures == null) {
      return Map.of();
    }
    failures.replaceAll(
        (offset, failure) -> failure.resumeAt().isEmpty() ? failure.resumed(now) : failure);
    return failures;
  }
}
