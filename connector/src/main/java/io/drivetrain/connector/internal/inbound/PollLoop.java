package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.ChannelState.Phase;
import io.drivetrain.connector.OffsetStore;
import io.drivetrain.connector.internal.settings.IncomingSettings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * The only thread that touches the KafkaConsumer. It polls for as long as the channel lives, also
 * while every partition is paused or in flight, so that a slow method never costs the group
 * membership. It decides nothing about records: that is the Assignment's.
 */
final class PollLoop implements Runnable {
  private static final Logger LOG = System.getLogger(PollLoop.class.getName());

  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

  private final IncomingSettings settings;
  private final Supplier<Consumer<byte[], byte[]>> clients;
  private final Dispatcher dispatcher;
  private final Listeners listeners;
  private final Time time;
  private final Problem problem;
  private final Trouble trouble;
  private final Seeks seeks;
  private final Claims claims;
  private final Pulse pulse;
  private final LagWatch lags = new LagWatch();

  // Null until a client could be made.
  private Consumer<byte[], byte[]> consumer;
  private Commits commits;
  private Rebalances rebalances;
  private FetchPauses pauses;
  private ConnectionWatch connection;
  private TopicWatch topics;

  private long nextWatchNanos;

  /** Written by this thread, read by any. */
  private volatile Phase phase = Phase.WAITING;

  /** Written by this thread, read by any; Kafka's map is concurrent. */
  private volatile Map<MetricName, ? extends Metric> metrics = Map.of();

  /** Written by any thread. */
  private volatile boolean stopping;

  /** Written by any thread. */
  private volatile boolean dead;

  private volatile Thread thread;

  /**
   * A loop that does not turn yet.
   *
   * @param offsets where the positions are, null for Kafka's alone
   */
  PollLoop(
      IncomingSettings settings,
      Supplier<Consumer<byte[], byte[]>> clients,
      Dispatcher dispatcher,
      Listeners listeners,
      OffsetStore offsets,
      Time time) {
    this.settings = settings;
    this.clients = clients;
    this.dispatcher = dispatcher;
    this.listeners = listeners;
    this.time = time;
    this.problem = new Problem(settings.channel(), listeners);
    this.trouble = new Trouble(settings.consumer());
    this.claims = new Claims(settings.channel(), settings.group(), offsets, dispatcher, time);
    this.seeks = new Seeks(settings.channel(), dispatcher, claims, settings.revokeTimeout());
    this.pulse = new Pulse(time);
  }

  // Any thread.

  boolean isThisThread() {
    return Thread.currentThread() == thread;
  }

  /** Moves a partition soon; the answer is where it stands then. */
  CompletableFuture<Long> seek(TopicPartition partition, SeekTarget target) {
    return seeks.ask(partition, target);
  }

  Phase phase() {
    return dead ? Phase.DEAD : phase;
  }

  Optional<String> problem() {
    return problem.words();
  }

  Map<MetricName, ? extends Metric> metrics() {
    return metrics;
  }

  LagWatch lags() {
    return lags;
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
        works();
        dispatcher.received(records);
      }
      claims.advance(consumer);
      pauses.apply();
      commits.whenDue();
      seeks.advance(consumer, commits);
      watchWhenDue();
    } catch (WakeupException e) {
      LOG.log(Level.DEBUG, "channel {0}: woken", settings.channel());
    } catch (InterruptException e) {
      // Containers interrupt their threads when they stop. The client set the flag again; it would
      // make the final commit fail.
      Thread.interrupted();
      stopping = true;
    } catch (FencedInstanceIdException e) {
      LOG.log(
          Level.ERROR,
          "channel {0}: another member has taken its group.instance.id {1}; every node needs its"
              + " own",
          settings.channel(),
          settings.consumer().get("group.instance.id"));
      die("another member has taken its group.instance.id");
    } catch (TopicAuthorizationException e) {
      topics.forbidden(e.unauthorizedTopics());
      fails(e);
    } catch (RuntimeException e) {
      fails(e);
    }
  }

  private void open() {
    Consumer<byte[], byte[]> opened = clients.get();
    commits = new Commits(settings, opened, dispatcher, listeners, time);
    rebalances =
        new Rebalances(settings, opened, dispatcher, commits, claims, listeners, this::assigned);
    pauses = new FetchPauses(opened, dispatcher, claims);
    try {
      subscribe(opened);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
    consumer = opened;
    metrics = opened.metrics();
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

  private void subscribe(Consumer<byte[], byte[]> client) {
    if (settings.pattern().isPresent()) {
      client.subscribe(settings.pattern().get(), rebalances);
    } else {
      client.subscribe(settings.topics(), rebalances);
    }
  }

  private void assigned() {
    phase = Phase.RUNNING;
    works();
  }

  /** The client has brought something. */
  private void works() {
    if (trouble.ended()) {
      nextWatchNanos = time.nanos();
    }
  }

  private void fails(RuntimeException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    problem.report(Optional.of("the Kafka consumer fails: " + root));
    LOG.log(Level.DEBUG, () -> "channel " + settings.channel() + ": trouble", e);
    if (consumer != null && isNewProtocol() && dispatcher.names().isEmpty()) {
      discard();
    }
    long end = System.nanoTime() + trouble.failed(time.nanos()).toNanos();
    while (!stopping && end - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, end - System.nanoTime());
    }
  }

  private boolean isNewProtocol() {
    return "consumer".equalsIgnoreCase(String.valueOf(settings.consumer().get("group.protocol")));
  }

  /**
   * Lets the next turn make another client: after some refusals, such as that of a
   * group.instance.id whose last holder was killed and is not yet missed, this protocol's never
   * tries to join again.
   */
  // close(CloseOptions) is not in the oldest supported clients.
  @SuppressWarnings("deprecation")
  private void discard() {
    rebalances.close();
    try {
      consumer.close(Duration.ZERO);
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, () -> "channel " + settings.channel() + ": closed uncleanly", e);
    }
    consumer = null;
  }

  private void watchWhenDue() {
    long now = time.nanos();
    if (now - nextWatchNanos < 0) {
      return;
    }
    nextWatchNanos = now + WATCH_INTERVAL.toNanos();
    dispatcher.watchLanes();
    if (listeners.areMeasured()) {
      lags.look(consumer, dispatcher.names());
    }
    if (!trouble.lasts(now)) {
      boolean idle = phase == Phase.RUNNING && dispatcher.names().isEmpty();
      problem.report(connection.look().or(() -> topics.look(idle)).or(claims::problem));
      if (topics.wereAllowed()) {
        // Only then does the client ask for them at once, and not in five minutes.
        consumer.unsubscribe();
        subscribe(consumer);
      }
    }
  }

  // The end.

  private void close() {
    seeks.close();
    if (consumer == null) {
      phase = Phase.STOPPED;
      return;
    }
    phase = Phase.STOPPING;
    long deadline = System.nanoTime() + settings.closeTimeout().toNanos();
    rebalances.drain(deadline);
    Set<TopicPartition> all = dispatcher.names();
    try {
      settleWhilePolling(all, deadline);
      commitWhilePolling(all, deadline);
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "channel " + settings.channel() + ": stopped uncleanly", e);
    }
    rebalances.close();
    try {
      closeConsumer();
    } catch (RuntimeException | LinkageError e) {
      // The latter where the files of an application vanish before it has stopped.
      LOG.log(
          Level.WARNING,
          "channel {0}: leaving the group failed: {1}",
          settings.channel(),
          e.toString());
    }
    metrics = Map.of();
    dispatcher.drop(all);
    phase = Phase.STOPPED;
    LOG.log(Level.INFO, "channel {0}: stopped", settings.channel());
    listeners.tell(settings.channel(), l -> l.stopped(settings.channel()));
  }

  /** Keeps the membership while the last deliveries finish. */
  private void settleWhilePolling(Set<TopicPartition> all, long deadline) {
    dispatcher.drain(all);
    Set<TopicPartition> working = dispatcher.inFlight(all);
    while (!working.isEmpty() && deadline - System.nanoTime() > 0) {
      pollForMembership(Duration.ZERO);
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

  /** Goes through with a rebalance first: who leaves in the middle of one cannot commit. */
  private void commitWhilePolling(Set<TopicPartition> all, long deadline) {
    while (!commits.nowUnlessRebalancing(all)) {
      if (deadline - System.nanoTime() <= 0) {
        commits.now(all);
        return;
      }
      pollForMembership(FetchPauses.IDLE_POLL);
    }
  }

  private void pollForMembership(Duration timeout) {
    consumer.pause(consumer.assignment());
    consumer.poll(timeout);
  }

  // close(CloseOptions) is not in the oldest supported clients.
  @SuppressWarnings("deprecation")
  private void closeConsumer() {
    consumer.close(Commits.TIMEOUT);
  }
}
