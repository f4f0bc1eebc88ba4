package io.drivetrain.connector;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Hears what happens on the channels. CDI beans of this type are found at deployment. Calls come on
 * the channel's threads, so a slow listener delays its channel; an exception is logged and ignored.
 */
public interface ChannelListener {

  /** Partitions were assigned to this node. */
  default void assigned(String channel, Collection<TopicPartition> partitions) {}

  /** Partitions went to another node, after their processed offsets were committed. */
  default void revoked(String channel, Collection<TopicPartition> partitions) {}

  /**
   * A delivery failed. What becomes of it is heard next: its partition paused, it was dead-lettered
   * or ignored, or the channel stopped.
   */
  default void failed(Delivery delivery, Throwable failure) {}

  /** A partition paused after a failure; no duration means until somebody resumes it. */
  default void paused(String channel, TopicPartition partition, Optional<Duration> pause) {}

  /**
   * Records were given up: the dead-letter topic has stored them.
   *
   * @param delivery which records
   * @param failure why
   */
  default void deadLettered(Delivery delivery, Throwable failure, String topic) {}

  /**
   * Records were given up, with {@code failure-strategy=ignore}: they count as processed.
   *
   * @param delivery which records
   * @param failure why
   */
  default void ignored(Delivery delivery, Throwable failure) {}

  /** A pause ended. */
  default void resumed(String channel, TopicPartition partition) {}

  /** The channel left its group. */
  default void stopped(String channel) {}
}
