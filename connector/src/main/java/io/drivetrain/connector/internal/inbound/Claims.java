package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.OffsetStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Begins partitions where an {@link OffsetStore} says. The poll thread owns it. A partition that is
 * not claimed yet is neither fetched nor handed out, so its position stays where Kafka put it.
 */
final class Claims {
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration OFFSETS_TIMEOUT = Duration.ofSeconds(5);

  private final String channel;
  private final String group;
  private final OffsetStore store;
  private final Dispatcher dispatcher;
  private final Time time;
  private final Set<TopicPartition> pending = new HashSet<>();
  private long nextTryNanos;
  private String problem;

  /**
   * None yet.
   *
   * @param store null if the channel is not exactly-once
   */
  Claims(String channel, String group, OffsetStore store, Dispatcher dispatcher, Time time) {
    this.channel = channel;
    this.group = group;
    this.store = store;
    this.dispatcher = dispatcher;
    this.time = time;
    this.nextTryNanos = time.nanos();
  }

  /** Partitions came; called before anything of them is fetched. */
  void assigned(Collection<TopicPartition> partitions, Consumer<?, ?> consumer) {
    if (store != null) {
      begin(partitions);
      advance(consumer);
      consumer.pause(Set.copyOf(pending));
    }
  }

  private void begin(Collection<TopicPartition> partitions) {
    pending.addAll(partitions);
    dispatcher.drain(partitions);
    nextTryNanos = time.nanos();
  }

  /** What must not be fetched yet. */
  Set<TopicPartition> pending() {
    return pending;
  }

  /** Why partitions wait, if some do. */
  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Claims what can be claimed now. */
  void advance(Consumer<?, ?> consumer) {
    if (store == null) {
      return;
    }
    Set<TopicPartition> assigned = dispatcher.names();
    pending.retainAll(assigned);
    Set<TopicPartition> lost = new HashSet<>(store.outdated(channel));
    lost.retainAll(assigned);
    if (!lost.isEmpty()) {
      begin(lost);
    }
    if (pending.isEmpty() || time.nanos() - nextTryNanos < 0) {
      return;
    }
    Set<TopicPartition> ready = new HashSet<>(pending);
    ready.removeAll(dispatcher.inFlight(pending));
    problem = null;
    // One by one: a frozen node may hold one of them, and the others need not wait for it.
    for (TopicPartition partition : ready) {
      try {
        claim(partition, consumer);
      } catch (InterruptException e) {
        throw e;
      } catch (RuntimeException e) {
        nextTryNanos = time.nanos() + RETRY.toNanos();
        problem = "exactly-once: " + partition + " cannot begin: " + e.getMessage();
      }
    }
  }

  private void claim(TopicPartition partition, Consumer<?, ?> consumer) {
    OptionalLong next = store.claim(channel, group, partition);
    if (next.isPresent()) {
      Long end = consumer.endOffsets(Set.of(partition), OFFSETS_TIMEOUT).get(partition);
      if (end != null && next.getAsLong() > end) {
        // As if done, everything up to there would be skipped.
        throw new IllegalStateException(
            "the stored position "
                + next.getAsLong()
                + " is behind the topic's end "
                + end
                + "; if the topic was made anew, seek the partition or delete the position");
      }
    }
    long offset =
        next.isPresent() ? next.getAsLong() : consumer.position(partition, OFFSETS_TIMEOUT);
    if (next.isEmpty()) {
      // Claimed again before anything is applied, the client's position would be where it fetched.
      store.move(channel, partition, offset);
    }
    consumer.seek(partition, offset);
    dispatcher.restart(partition, offset);
    pending.remove(partition);
  }

  /** An operator moves a partition; the store has to follow first. */
  void move(TopicPartition partition, long offset) {
    if (store != null) {
      store.move(channel, partition, offset);
      pending.remove(partition);
    }
  }
}
