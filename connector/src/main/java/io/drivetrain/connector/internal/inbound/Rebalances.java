package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.internal.settings.IncomingSettings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * What happens when partitions come and go. The poll thread owns it: Kafka calls it within poll and
 * close.
 */
final class Rebalances implements ConsumerRebalanceListener {
  private static final Logger LOG = System.getLogger(Rebalances.class.getName());

  /** What was done ahead of the commit is worth waiting for this long; then it comes again. */
  private static final Duration COMMITTED_TIMEOUT = Duration.ofSeconds(5);

  private final IncomingSettings settings;
  private final Consumer<?, ?> consumer;
  private final Dispatcher dispatcher;
  private final Commits commits;
  private final Claims claims;
  private final Listeners listeners;
  private final Runnable onAssigned;
  private boolean draining;
  private long drainedNanos;
  private boolean closing;

  /**
   * Made before the consumer subscribes.
   *
   * @param onAssigned called when the group has answered, also if with nothing
   */
  Rebalances(
      IncomingSettings settings,
      Consumer<?, ?> consumer,
      Dispatcher dispatcher,
      Commits commits,
      Claims claims,
      Listeners listeners,
      Runnable onAssigned) {
    this.settings = settings;
    this.consumer = consumer;
    this.dispatcher = dispatcher;
    this.commits = commits;
    this.claims = claims;
    this.listeners = listeners;
    this.onAssigned = onAssigned;
  }

  /**
   * From now on nothing is assigned any more.
   *
   * @param until up to when what is in flight may finish, in the time of {@link System#nanoTime}
   */
  void drain(long until) {
    draining = true;
    drainedNanos = until;
  }

  /** From now on what is revoked has been settled before. */
  void close() {
    closing = true;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    if (draining) {
      return;
    }
    dispatcher.assign(partitions, committed(partitions));
    claims.assigned(partitions, consumer);
    onAssigned.run();
    if (!partitions.isEmpty()) {
      LOG.log(Level.INFO, "channel {0}: assigned {1}", settings.channel(), partitions);
      listeners.tell(settings.channel(), l -> l.assigned(settings.channel(), partitions));
    }
  }

  /** What commits say beside their offset; with order per partition it is nothing. */
  private Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty() || !settings.isOrderedByKey()) {
      return Map.of();
    }
    try {
      return consumer.committed(Set.copyOf(partitions), COMMITTED_TIMEOUT);
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.log(
          Level.WARNING,
          "channel {0}: what is done ahead of the commits of {1} is not known, it comes again: {2}",
          settings.channel(),
          partitions,
          e.toString());
      return Map.of();
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    if (!closing) {
      settle(partitions, timeout());
    }
    LOG.log(Level.INFO, "channel {0}: revoked {1}", settings.channel(), partitions);
    dispatcher.drop(partitions);
    listeners.tell(settings.channel(), l -> l.revoked(settings.channel(), partitions));
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    // Another member may own them already and be further: no commit, it could only go back.
    LOG.log(
        Level.WARNING,
        "channel {0}: lost {1}; what was done since the last commit comes again elsewhere",
        settings.channel(),
        partitions);
    dispatcher.drop(partitions);
    listeners.tell(settings.channel(), l -> l.lost(settings.channel(), partitions));
  }

  private Duration timeout() {
    long left = Math.max(0, drainedNanos - System.nanoTime());
    return draining && left < settings.revokeTimeout().toNanos()
        ? Duration.ofNanos(left)
        : settings.revokeTimeout();
  }

  /** Stops handing out, waits for what is in flight, commits what is done. */
  private void settle(Collection<TopicPartition> partitions, Duration timeout) {
    dispatcher.drain(partitions);
    Set<TopicPartition> working = dispatcher.awaitSettled(partitions, timeout);
    if (!working.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "channel {0}: {1} still in flight after {2}; those records come again",
          settings.channel(),
          working,
          timeout);
    }
    commits.now(partitions);
  }
}
