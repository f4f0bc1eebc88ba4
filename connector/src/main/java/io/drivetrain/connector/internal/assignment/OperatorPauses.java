package io.drivetrain.connector.internal.assignment;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What operators have paused: all partitions or none, but for some. It outlives assignments, so
 * that a rebalance neither ends a pause of this node nor starts a partition of a paused channel.
 * Plain state; guarded by the lock of the channel.
 */
final class OperatorPauses {
  private boolean all;
  private final Set<TopicPartition> exceptions = new HashSet<>();

  boolean contains(TopicPartition partition) {
    return all != exceptions.contains(partition);
  }

  void addAll() {
    all = true;
    exceptions.clear();
  }

  void removeAll() {
    all = false;
    exceptions.clear();
  }

  void add(TopicPartition partition) {
    set(partition, true);
  }

  void remove(TopicPartition partition) {
    set(partition, false);
  }

  private void set(TopicPartition partition, boolean paused) {
    if (all == paused) {
      exceptions.remove(partition);
    } else {
      exceptions.add(partition);
    }
  }
}
