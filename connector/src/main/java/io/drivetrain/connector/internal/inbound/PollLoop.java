package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.ChannelState.Phase;
import io.drivetrain.connector.internal.policy.Backoff;
import io.drivetrain.connector.internal.settings.IncomingSettings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * The only thread that touches the KafkaConsumer. It polls for as long as the channel lives, also
 * while every partition is paused or in flight, so that a slow method never costs the group
 * membership. It decides nothing about records: that is {@link Assignment}'s.
 */
final class PollLoop implements Runnable, ConsumerRebalanceListener {
  private static final Logger LOG = System.getLogger(PollLoop.class.getName());

  private static final Duration IDLE_POLL = Duration.ofMillis(50);

  /**
   * How soon to look for room after a partition has become full. Each further look comes after
   * twice the time: a partition is fetched again when half of it is done, so the other half lasts
   * as long.
   */
  private static final Backoff FULL_POLL =
      new Backoff(Optional.of(Duration.ofMillis(1)), true, IDLE_POLL);

  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);
  private static final Backoff TROUBLE =
      new Backoff(Optional.of(Duration.ofMillis(100)), true, Duration.ofSeconds(10));

  private final IncomingSettings settings;
  private final Supplier<Consumer<byte[], byte[]>> clients;
  private final Dispatcher dispatcher;
  private final Listeners listeners;
  private final Problem problem;
  private Consumer<byte[], byte[]> consumer;
  private ConnectionWatch connection;
  private TopicWatch topics;
  private int troubles;
  private int failedCommits;
  private long nextCommitNanos;
  private long nextWatchNanos;

  /** Whether a partition waits for room in memory, and no other reason. */
  private boolean full;

  /** Polls since the set of paused partitions changed. */
  private int unchangedPolls;

  private boolean closing;

  /** Written by this thread, read by any. */
  private volatile Phase phase = Phase.WAITING;

  /** Written by any thread. */
  private volatile boolean stopping;

  /** Written by any thread. */
  private volatile boolean dead;

  private volatile Thread thread;

  PollLoop(
      IncomingSettings settings,
      Supplier<Consumer<byte[], byte[]>> clients,
      Dispatcher dispatcher,
      Listeners listeners) {
    this.settings = settings;
    this.clients = clients;
    this.dispatcher = dispatcher;
    this.listeners = listeners;
    this.problem = new Problem(settings.channel());
  }

  // Any thread.

  Phase phase() {
    return dead ? Phase.DEAD : phase;
  }

  Optional<String> problem() {
    return problem.words();
  }

  /** Lets what is in flight finish, commits and leaves the group. */
  void stop() {
    stopping = true;
    LockSupport.unpark(thread);
  }

  /** As {@link #stop}, because nothing can be consumed any more. */
  void die(String reason) {
    problem.isFinal(reason);
    dead = true;
    stop();
  }

  // The poll thread.

  @Override
  public void run() {
    thread = Thread.currentThread();
    try {
      while (!stopping) {
        iterate();
      }
    } catch (Throwable e) {
      LOG.log(Level.ERROR, "channel " + settings.channel() + ": the poll loop died", e);
      problem.isFinal("the poll loop died: " + e);
      dead = true;
    } finally {
      close();
    }
  }

  /** One turn: everything the loop does, once. */
  void iterate() {
    try {
      if (consumer == null) {
        open();
      }
      ConsumerRecords<byte[], byte[]> records = consumer.poll(pollTimeout());
      if (!records.isEmpty()) {
        dispatcher.received(records);
      }
      applyPauses();
      commitWhenDue();
      watchWhenDue();
      troubles = 0;
    } catch (WakeupException e) {
      LOG.log(Level.DEBUG, "channel {0}: woken", settings.channel());
    } catch (InterruptException e) {
      // Containers interrupt their threads when they stop. The client set the flag again; it would
      // make the final commit fail.
      Thread.interrupted();
      stopping = true;
    } catch (FencedInstanceIdException e) {
      throw e;
    } catch (RuntimeException e) {
      trouble(e);
    }
  }

  private void open() {
    Consumer<byte[], byte[]> opened = clients.get();
    try {
      if (settings.pattern().isPresent()) {
        opened.subscribe(settings.pattern().get(), this);
      } else {
        opened.subscribe(settings.topics(), this);
      }
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
    consumer = opened;
    connection =
        new ConnectionWatch(
            String.valueOf(settings.consumer().get("bootstrap.servers")), opened.metrics());
    topics = new TopicWatch(opened, settings.topics());
    phase = Phase.JOINING;
    nextCommitNanos = System.nanoTime() + settings.commitInterval().toNanos();
    LOG.log(
        Level.INFO,
        "channel {0}: subscribed to {1} in group {2}",
        settings.channel(),
        settings.subscription(),
        settings.consumer().get("group.id"));
  }

  private void trouble(RuntimeException e) {
    troubles++;
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    problem.report(Optional.of("the Kafka consumer fails: " + root));
    LOG.log(Level.DEBUG, () -> "channel " + settings.channel() + ": trouble", e);
    long end = System.nanoTime() + TROUBLE.after(troubles).orElseThrow().toNanos();
    while (!stopping && end - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, end - System.nanoTime());
    }
  }

  /** Compares with what the client says, not with what was asked of it: a rebalance resumes. */
  private void applyPauses() {
    Set<TopicPartition> wanted = dispatcher.fetchPaused();
    Set<TopicPartition> paused = consumer.paused();
    unchangedPolls++;
    if (!wanted.equals(paused)) {
      consumer.resume(without(paused, wanted));
      consumer.pause(without(wanted, paused));
      unchangedPolls = 0;
    }
    full = !wanted.isEmpty() && dispatcher.isFull(wanted);
  }

  private Duration pollTimeout() {
    return full ? FULL_POLL.after(Math.min(unchangedPolls, 10) + 1).orElseThrow() : IDLE_POLL;
  }

  private static Set<TopicPartition> without(
      Set<TopicPartition> partitions, Set<TopicPartition> others) {
    Set<TopicPartition> rest = new HashSet<>(partitions);
    rest.removeAll(others);
    return rest;
  }

  private void commitWhenDue() {
    long now = System.nanoTime();
    if (now - nextCommitNanos < 0) {
      return;
    }
    nextCommitNanos = now + settings.commitInterval().toNanos();
    Map<TopicPartition, OffsetAndMetadata> offsets = dispatcher.toCommit();
    if (!offsets.isEmpty()) {
      consumer.commitAsync(offsets, this::committed);
    }
  }

  private void committed(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
    if (failure == null) {
      failedCommits = 0;
      dispatcher.committed(offsets);
      return;
    }
    // What is done is committed again on the next tick; a single failure is everyday life in a
    // rebalance.
    failedCommits++;
    LOG.log(
        failedCommits == 3 ? Level.WARNING : Level.DEBUG,
        "channel {0}: commit failed {1} times, records may come twice after a restart: {2}",
        settings.channel(),
        failedCommits,
        failure.toString());
  }

  private void watchWhenDue() {
    long now = System.nanoTime();
    if (now - nextWatchNanos >= 0 || troubles > 0) {
      nextWatchNanos = now + WATCH_INTERVAL.toNanos();
      boolean idle = phase == Phase.RUNNING && dispatcher.names().isEmpty();
      problem.report(connection.look().or(() -> topics.look(idle)));
    }
  }

  // Rebalances: called by Kafka on this thread, within poll and close.

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    if (closing) {
      return;
    }
    dispatcher.assign(partitions);
    phase = Phase.RUNNING;
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
    forget(partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    // Another member may own them already and be further: no commit, it could only go back.
    LOG.log(
        Level.WARNING,
        "channel {0}: lost {1}; what was done since the last commit comes again elsewhere",
        settings.channel(),
        partitions);
    forget(partitions);
  }

  private void forget(Collection<TopicPartition> partitions) {
    dispatcher.drop(partitions);
    listeners.tell(settings.channel(), l -> l.revoked(settings.channel(), partitions));
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
    commitNow(partitions);
  }

  private void commitNow(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = dispatcher.toCommit(partitions);
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, COMMIT_TIMEOUT);
      dispatcher.committed(offsets);
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "channel {0}: commit of {1} failed, their records may come twice: {2}",
          settings.channel(),
          offsets.keySet(),
          e.toString());
    }
  }

  // The end.

  private void close() {
    if (consumer == null) {
      phase = Phase.STOPPED;
      return;
    }
    phase = Phase.STOPPING;
    closing = true;
    Set<TopicPartition> all = dispatcher.names();
    try {
      settleWhilePolling(all);
      commitNow(all);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "channel " + settings.channel() + ": stopped uncleanly", e);
    }
    try {
      closeConsumer();
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "channel {0}: leaving the group failed: {1}",
          settings.channel(),
          e.toString());
    }
    dispatcher.drop(all);
    phase = Phase.STOPPED;
    LOG.log(Level.INFO, "channel {0}: stopped", settings.channel());
    listeners.tell(settings.channel(), l -> l.stopped(settings.channel()));
  }

  /** Keeps the membership while the last deliveries finish. */
  private void settleWhilePolling(Set<TopicPartition> all) {
    dispatcher.drain(all);
    long deadline = System.nanoTime() + settings.closeTimeout().toNanos();
    Set<TopicPartition> working = dispatcher.inFlight(all);
    while (!working.isEmpty() && deadline - System.nanoTime() > 0) {
      Set<TopicPartition> assigned = consumer.assignment();
      consumer.pause(assigned);
      consumer.poll(Duration.ZERO);
      working = dispatcher.awaitSettled(all, IDLE_POLL);
    }
    if (!working.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "channel {0}: {1} still in flight after close-timeout {2}; those records come again",
          settings.channel(),
          working,
          settings.closeTimeout());
    }
  }

  // close(CloseOptions) is not in the oldest supported clients.
  @SuppressWarnings("deprecation")
  private void closeConsumer() {
    consumer.close(COMMIT_TIMEOUT);
  }
}
