package io.drivetrain.connector.internal.assignment;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Remembers at which failure a partition stood when it was taken away, so that a rebalance that
 * gives it back neither resets the count of attempts nor shortens the pause. One entry per
 * partition. Not thread-safe.
 */
final class Attempts {
  private final Map<TopicPartition, Failure> remembered = new HashMap<>();

  void remember(TopicPartition partition, Failure failure) {
    remembered.put(partition, failure);
  }

  /**
   * The failure of the record with which a returned partition begins. Whatever else was remembered
   * of the partition is forgotten: another node got past it meanwhile. A pause without an end does
   * not survive the move.
   */
  Optional<Failure> recall(TopicPartition partition, long firstOffset, long now) {
    Failure failure = remembered.remove(partition);
    if (failure == null || failure.offset() != firstOffset) {
      return Optional.empty();
    }
    return Optional.of(failure.resumeAt().isEmpty() ? failure.resumed(now) : failure);
  }
}
