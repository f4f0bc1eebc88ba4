package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.PartitionState;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Where partitions end, as far as the consumer learnt by fetching: of one that is not fetched, that
 * was when it last was. The poll thread looks, any thread asks.
 */
final class LagWatch {

  /**
   * What is known of a partition.
   *
   * @param end the offset after its last record
   * @param unfetched how many records were not fetched
   */
  private record End(long end, long unfetched) {}

  private volatile Map<TopicPartition, End> ends = Map.of();

  /** Asks the consumer, which asks nobody but for a partition it has just been assigned. */
  void look(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    Map<TopicPartition, End> found = new HashMap<>();
    for (TopicPartition partition : partitions) {
      try {
        OptionalLong lag = consumer.currentLag(partition);
        if (lag.isPresent()) {
          long behind = lag.getAsLong();
          found.put(partition, new End(consumer.position(partition) + behind, behind));
        }
      } catch (KafkaException | IllegalStateException | IllegalArgumentException notKnown) {
        // It was just assigned or taken away; the next look knows.
        found.remove(partition);
      }
    }
    ends = Map.copyOf(found);
  }

  /** How many records of a partition are not processed; empty if nobody knows. */
  OptionalLong of(PartitionState state) {
    End end = ends.get(new TopicPartition(state.topic(), state.partition()));
    if (end == null) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        state.nextOffset() < 0
            ? end.unfetched() + state.queued()
            : Math.max(0, end.end() - state.nextOffset()));
  }
}
