package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.internal.settings.IncomingSettings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * What happens when partitions come and go. The poll thread owns it: Kafka calls it within poll and
 * close.
 */
final class Rebalances implements ConsumerRebalanceListener {
  private static final Logger LOG = System.getLogger(Rebalances.class.getName());

  private final IncomingSettings settings;
  private final Dispatcher dispatcher;
  private final Commits commits;
  private final Listeners listeners;
  private final Runnable onAssigned;
  private boolean closing;

  /**
   * Made before the consumer subscribes.
   *
   * @param onAssigned called when the group has answered, also if with nothing
   */
  Rebalances(
      IncomingSettings settings,
      Dispatcher dispatcher,
      Commits commits,
      Listeners listeners,
      Runnable onAssigned) {
    this.settings = settings;
    this.dispatcher = dispatcher;
    this.commits = commits;
    this.listeners = listeners;
    this.onAssigned = onAssigned;
  }

  /** From now on nothing is assigned any more, and what is revoked has been settled before. */
  void close() {
    closing = true;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    if (closing) {
      return;
    }
    dispatcher.assign(partitions);
    onAssigned.run();
    if (!partitions.isEmpty()) {
      LOG.log(Level.INFO, "channel {0}: assigned {1}", settings.channel(), partitions);
      listeners.tell(settings.channel(), l -> l.assigned(settings.channel(), partitions));
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    if (!closing) {
      settle(partitions, settings.revokeTimeout());
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
