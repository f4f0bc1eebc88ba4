package io.drivetrain.connector.internal.inbound;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Where a partition shall go on, in the words of who asks; the broker knows which offset it is. */
@FunctionalInterface
public interface SeekTarget {

  /** How long a question to the broker may take; a target asks two at most. */
  Duration TIMEOUT = Duration.ofSeconds(5);

  /**
   * Finds the offset. Called on the poll thread.
   *
   * @throws IllegalArgumentException if there is none such
   */
  long in(Consumer<?, ?> consumer, TopicPartition partition);

  /** The first record there is. */
  static SeekTarget beginning() {
    return (consumer, partition) ->
        consumer.beginningOffsets(Set.of(partition), TIMEOUT).get(partition);
  }

  /** After the last record there is. */
  static SeekTarget end() {
    return (consumer, partition) -> consumer.endOffsets(Set.of(partition), TIMEOUT).get(partition);
  }

  /** The first record with this timestamp or a later one, the end if there is none. */
  static SeekTarget time(Instant time) {
    return (consumer, partition) -> {
      Map<TopicPartition, OffsetAndTimestamp> found =
          consumer.offsetsForTimes(Map.of(partition, time.toEpochMilli()), TIMEOUT);
      OffsetAndTimestamp first = found.get(partition);
      return first == null ? end().in(consumer, partition) : first.offset();
    };
  }

  /** An offset that exists, or the one after the last. */
  static SeekTarget offset(long offset) {
    return (consumer, partition) -> {
      long first = beginning().in(consumer, partition);
      long last = end().in(consumer, partition);
      // Kafka would go to where auto.offset.reset says, which is not where anybody asked to go.
      if (offset < first || offset > last) {
        throw new IllegalArgumentException(
            partition + " has no offset " + offset + "; expected " + first + " to " + last);
      }
      return offset;
    };
  }
}
