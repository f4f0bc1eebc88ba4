package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.internal.policy.Backoff;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Keeps the consumer from fetching partitions that are paused. The poll thread owns it. */
final class FetchPauses {

  /** How long a poll waits for records when nothing else has to be looked at earlier. */
  static final Duration IDLE_POLL = Duration.ofMillis(50);

  /**
   * How soon to look for room after a partition has become full. Each further look comes after
   * twice the time: a partition is fetched again when half of it is done, so the other half lasts
   * as long.
   */
  private static final Backoff FULL_POLL =
      new Backoff(Optional.of(Duration.ofMillis(1)), true, IDLE_POLL);

  private final Consumer<?, ?> consumer;
  private final Dispatcher dispatcher;
  private final Claims claims;

  /** Whether a partition waits for room in memory, and no other reason. */
  private boolean full;

  /** Polls since the set of paused partitions changed. */
  private int unchangedPolls;

  FetchPauses(Consumer<?, ?> consumer, Dispatcher dispatcher, Claims claims) {
    this.consumer = consumer;
    this.dispatcher = dispatcher;
    this.claims = claims;
  }

  /** Compares with what the client says, not with what was asked of it: a rebalance resumes. */
  void apply() {
    Set<TopicPartition> wanted = new HashSet<>(dispatcher.fetchPaused());
    wanted.addAll(claims.pending());
    Set<TopicPartition> paused = consumer.paused();
    unchangedPolls++;
    if (!wanted.equals(paused)) {
      consumer.resume(without(paused, wanted));
      consumer.pause(without(wanted, paused));
      unchangedPolls = 0;
    }
    full = !wanted.isEmpty() && dispatcher.isFull();
  }

  Duration pollTimeout() {
    return full ? FULL_POLL.after(Math.min(unchangedPolls, 10) + 1).orElseThrow() : IDLE_POLL;
  }

  private static Set<TopicPartition> without(
      Set<TopicPartition> partitions, Set<TopicPartition> others) {
    Set<TopicPartition> rest = new HashSet<>(partitions);
    rest.removeAll(others);
    return rest;
  }
}
