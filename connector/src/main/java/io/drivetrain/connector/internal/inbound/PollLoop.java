package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.ChannelState.Phase;
import io.drivetrain.connector.internal.policy.Backoff;
import io.drivetrain.connector.internal.settings.IncomingSettings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * The only thread that touches the KafkaConsumer. It polls for as long as the channel lives, also
 * while every partition is paused or in flight, so that a slow method never costs the group
 * membership. It decides nothing about records: that is the Assignment's.
 */
final class PollLoop implements Runnable {
  private static final Logger LOG = System.getLogger(PollLoop.class.getName());

  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);
  private static final Backoff TROUBLE =
      new Backoff(Optional.of(Duration.ofMillis(100)), true, Duration.ofSeconds(10));

  private final IncomingSettings settings;
  private final Supplier<Consumer<byte[], byte[]>> clients;
  private final Dispatcher dispatcher;
  private final Listeners listeners;
  private final Time time;
  private final Problem problem;
  private final Pulse pulse;

  // Null until a client could be made.
  private Consumer<byte[], byte[]> consumer;
  private Commits commits;
  private Rebalances rebalances;
  private FetchPauses pauses;
  private ConnectionWatch connection;
  private TopicWatch topics;

  private int troubles;
  private long nextWatchNanos;

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
      Listeners listeners,
      Time time) {
    this.settings = settings;
    this.clients = clients;
    this.dispatcher = dispatcher;
    this.listeners = listeners;
    this.time = time;
    this.problem = new Problem(settings.channel(), listeners);
    this.pulse = new Pulse(time);
  }

  // Any thread.

  Phase phase() {
    return dead ? Phase.DEAD : phase;
  }

  Optional<String> problem() {
    return problem.words();
  }

  Pulse pulse() {
    return pulse;
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

  /** Null until a client could be made. */
  Rebalances rebalances() {
    return rebalances;
  }

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
      pulse.end();
      close();
    }
  }

  /** One turn: everything the loop does, once. */
  void iterate() {
    pulse.beat();
    try {
      if (consumer == null) {
        open();
      }
      ConsumerRecords<byte[], byte[]> records = consumer.poll(pauses.pollTimeout());
      if (!records.isEmpty()) {
        dispatcher.received(records);
      }
      pauses.apply();
      commits.whenDue();
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
    commits = new Commits(settings, opened, dispatcher, listeners, time);
    rebalances =
        new Rebalances(settings, dispatcher, commits, listeners, () -> phase = Phase.RUNNING);
    pauses = new FetchPauses(opened, dispatcher);
    try {
      if (settings.pattern().isPresent()) {
        opened.subscribe(settings.pattern().get(), rebalances);
      } else {
        opened.subscribe(settings.topics(), rebalances);
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
    nextWatchNanos = time.nanos();
    phase = Phase.JOINING;
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

  private void watchWhenDue() {
    long now = time.nanos();
    if (now - nextWatchNanos >= 0 || troubles > 0) {
      nextWatchNanos = now + WATCH_INTERVAL.toNanos();
      boolean idle = phase == Phase.RUNNING && dispatcher.names().isEmpty();
      dispatcher.watchLanes();
      problem.report(connection.look().or(() -> topics.look(idle)));
    }
  }

  // The end.

  private void close() {
    if (consumer == null) {
      phase = Phase.STOPPED;
      return;
    }
    phase = Phase.STOPPING;
    rebalances.close();
    Set<TopicPartition> all = dispatcher.names();
    try {
      settleWhilePolling(all);
      commits.now(all);
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
      working = dispatcher.awaitSettled(all, FetchPauses.IDLE_POLL);
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
    consumer.close(Commits.TIMEOUT);
  }
}
