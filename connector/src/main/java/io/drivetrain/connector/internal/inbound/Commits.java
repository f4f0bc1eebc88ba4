package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.internal.settings.IncomingSettings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Stores at the broker what is done, on a clock's tick and on demand. The poll thread owns it. */
final class Commits {
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Logger LOG = System.getLogger(Commits.class.getName());

  private final IncomingSettings settings;
  private final Consumer<?, ?> consumer;
  private final Dispatcher dispatcher;
  private final Listeners listeners;
  private final Time time;
  private int failures;
  private long nextNanos;

  Commits(
      IncomingSettings settings,
      Consumer<?, ?> consumer,
      Dispatcher dispatcher,
      Listeners listeners,
      Time time) {
    this.settings = settings;
    this.consumer = consumer;
    this.dispatcher = dispatcher;
    this.listeners = listeners;
    this.time = time;
    this.nextNanos = time.nanos() + settings.commitInterval().toNanos();
  }

  /** Sends what is done if it is time to, and waits for nothing. */
  void whenDue() {
    long now = time.nanos();
    if (now - nextNanos < 0) {
      return;
    }
    nextNanos = now + settings.commitInterval().toNanos();
    Map<TopicPartition, OffsetAndMetadata> offsets = dispatcher.toCommit();
    if (!offsets.isEmpty()) {
      consumer.commitAsync(offsets, this::answered);
    }
  }

  private void answered(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
    if (failure == null) {
      failures = 0;
      stored(offsets);
      return;
    }
    // What is done is committed again on the next tick; a single failure is everyday life in a
    // rebalance.
    failures++;
    LOG.log(
        failures == 3 ? Level.WARNING : Level.DEBUG,
        "channel {0}: commit failed {1} times, records may come twice after a restart: {2}",
        settings.channel(),
        failures,
        failure.toString());
    failed(offsets, failure);
  }

  private void stored(Map<TopicPartition, OffsetAndMetadata> offsets) {
    dispatcher.committed(offsets);
    listeners.tell(settings.channel(), l -> l.committed(settings.channel(), offsets));
  }

  private void failed(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
    listeners.tell(settings.channel(), l -> l.commitFailed(settings.channel(), offsets, failure));
  }

  /** Stores what is done of these partitions and waits for the answer; a failure is logged. */
  void now(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = dispatcher.toCommit(partitions);
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, TIMEOUT);
      stored(offsets);
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "channel {0}: commit of {1} failed, their records may come twice: {2}",
          settings.channel(),
          offsets.keySet(),
          e.toString());
      failed(offsets, e);
    }
  }
}
