package io.drivetrain.connector;

import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps the positions of channels with {@code exactly-once=true} where the records' effects are, so
 * that one transaction writes both. The connector only asks where to begin; who processes records
 * writes the positions. A CDI bean; entity-sync brings one for databases.
 *
 * <p>Called on the channel's polling thread; what a method throws is reported, and it is called
 * again a second later, while the partition waits.
 */
public interface OffsetStore {

  /**
   * Takes a partition over: from now on nobody who claimed it earlier can write its position.
   *
   * @return the offset of the next record; empty if nothing was processed yet
   */
  OptionalLong claim(String channel, String group, TopicPartition partition);

  /**
   * The partitions of which this node has found since the last call that another has claimed them.
   * Those still assigned are claimed again.
   */
  Set<TopicPartition> outdated(String channel);

  /** An operator moves a claimed partition, forward or back. */
  void move(String channel, TopicPartition partition, long offset);
}
