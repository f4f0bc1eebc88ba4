package io.drivetrain.connector;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Hears what happens on the channels. CDI beans of this type are found at deployment. Calls come on
 * the channel's threads, so a slow listener delays its channel; whatever it throws is logged and
 * ignored, but for an error of the JVM itself.
 */
public interface ChannelListener {

  // Deliveries, on the delivering thread.

  /**
   * Records were processed and what they sent is confirmed; a commit follows later. Of a batch that
   * failed in its middle, this is told of the part before. A channel pays for this event only if
   * some listener overrides it.
   *
   * @param delivery which records
   * @param duration from the hand-over to the consumer method until all was confirmed
   */
  default void processed(Delivery delivery, Duration duration) {}

  /** A delivery failed; the partition pauses next. */
  default void failed(Delivery delivery, Throwable failure) {}

  /** A partition paused after a failure; no duration means until somebody resumes it. */
  default void paused(String channel, TopicPartition partition, Optional<Duration> pause) {}

  /** A pause ended. */
  default void resumed(String channel, TopicPartition partition) {}

  // The group, on the polling thread.

  /** Partitions were assigned to this node. */
  default void assigned(String channel, Collection<TopicPartition> partitions) {}

  /** Partitions went to another node, after their processed offsets were committed. */
  default void revoked(String channel, Collection<TopicPartition> partitions) {}

  /**
   * Partitions were taken away without a commit, because the group took this node for gone; what
   * was processed since the last commit comes again elsewhere.
   */
  default void lost(String channel, Collection<TopicPartition> partitions) {}

  /** Kafka stored how far these partitions are processed. */
  default void committed(String channel, Map<TopicPartition, OffsetAndMetadata> offsets) {}

  /** A commit failed. What is processed is committed again with the next; nothing is lost. */
  default void commitFailed(
      String channel, Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {}

  /**
   * Something keeps the channel from working, in words, for example an unreachable broker; told
   * once until it changes. It goes on by itself when that is over.
   */
  default void troubled(String channel, String problem) {}

  /** What {@link #troubled} spoke of is over. */
  default void recovered(String channel) {}

  /** The channel left its group. */
  default void stopped(String channel) {}
}
