package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.OffsetStore;
import io.drivetrain.connector.internal.assignment.Assignment;
import io.drivetrain.connector.internal.deadletter.DeadLetterTopic;
import io.drivetrain.connector.internal.observe.ChannelTelemetry;
import io.drivetrain.connector.internal.observe.Subject;
import io.drivetrain.connector.internal.observe.Telemetry;
import io.drivetrain.connector.internal.payload.Payload;
import io.drivetrain.connector.internal.policy.HandOver;
import io.drivetrain.connector.internal.settings.IncomingSettings;
import io.drivetrain.schema.platform.ContainerThreads;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.reactivestreams.Publisher;

/**
 * One incoming channel: a poll loop, one lane per subscription of the runtime (more than one with
 * {@code concurrency}), and what starts and stops them. Thread-safe.
 */
public final class Channel {
  private static final Logger LOG = System.getLogger(Channel.class.getName());

  /** What leaving the group may take, on top of {@code close-timeout}. */
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(22);

  private final IncomingSettings settings;
  private final Listeners listeners;
  private final Time time;
  private final Dispatcher dispatcher;
  private final PollLoop pollLoop;
  private final DeadLetterTopic deadLetters;
  private final FailureHandler failures;
  private final Control control;

  /** Guarded by this. */
  private final List<Lane> lanes = new ArrayList<>();

  /** Guarded by this; null before the start. */
  private ContainerThreads threads;

  /** Written before the threads start. */
  private volatile ChannelTelemetry measured = ChannelTelemetry.NONE;

  /** Guarded by this; null before the first lane is subscribed after the start. */
  private Thread pollThread;

  private volatile boolean stopping;

  /**
   * A channel that does nothing before its start.
   *
   * @param batches whether its method takes many records at once
   * @param clients makes the Kafka consumer; called on the poll thread, until it succeeds
   * @param deadLetters where records go that are given up; closed with the channel
   * @param offsets where the positions are; null for Kafka's alone
   */
  public Channel(
      IncomingSettings settings,
      boolean batches,
      Supplier<Consumer<byte[], byte[]>> clients,
      DeadLetterTopic deadLetters,
      Listeners listeners,
      OffsetStore offsets,
      Time time) {
    this.settings = settings;
    this.listeners = listeners;
    this.time = time;
    HandOver handOver = batches ? settings.batches() : settings.records();
    this.dispatcher = new Dispatcher(new Assignment(handOver, settings.failurePolicy()), time);
    this.pollLoop = new PollLoop(settings, clients, dispatcher, listeners, offsets, time);
    this.deadLetters = deadLetters;
    this.failures =
        new FailureHandler(
            settings.channel(),
            settings.failurePolicy(),
            dispatcher,
            deadLetters,
            listeners,
            pollLoop::die);
    this.control =
        new Control(settings.channel(), dispatcher, pollLoop, listeners, settings.revokeTimeout());
  }

  /** The channel's name, without a worker suffix. */
  public String name() {
    return settings.channel();
  }

  /** One more lane, for one subscription of the runtime. */
  public synchronized Publisher<Message<?>> addLane(Payload payload) {
    Lane lane =
        new Lane(
            settings.channel(),
            dispatcher,
            payload,
            failures,
            listeners,
            settings
                .processingTimeout()
                .map(timeout -> new DeliveryWatch(settings.channel(), timeout, time))
                .orElse(null),
            this::startWhatIsReady,
            this::laneDied);
    lanes.add(lane);
    dispatcher.register(lane);
    return lane;
  }

  /**
   * Begins to poll and deliver, as far as lanes are subscribed; later ones follow.
   *
   * @param telemetry what measures it
   */
  public synchronized void start(ContainerThreads containerThreads, Telemetry telemetry) {
    measured =
        telemetry.channel(
            new Subject(settings, this::state, pollLoop.lags()::of, time::nanos, time::instant));
    listeners.measuredBy(measured);
    threads = containerThreads;
    if (deadLanes() > 0) {
      complain();
    }
    startWhatIsReady();
  }

  private synchronized boolean isStarted() {
    return threads != null;
  }

  private synchronized void startWhatIsReady() {
    if (threads == null || stopping) {
      return;
    }
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      if (lane.isSubscribed() && !lane.isStarted() && !lane.isCancelled()) {
        lane.startOn(threads.newThread("drivetrain-lane-" + name() + "-" + (i + 1), lane));
        if (pollThread == null) {
          pollThread = threads.newThread("drivetrain-poll-" + name(), pollLoop);
          pollThread.start();
        }
      }
    }
  }

  private void laneDied() {
    if (stopping) {
      return;
    }
    // Before the start it is a deployment that was refused, most likely, and that has its own line.
    if (isStarted()) {
      complain();
    }
    // Outside the lock: a runtime cancels from within any call of ours.
    if (deadLanes() == lanes().size()) {
      pollLoop.die("the runtime cancelled the stream");
    }
  }

  private void complain() {
    LOG.log(
        Level.ERROR,
        "channel {0}: the runtime cancelled the stream and never comes back to it; restart the"
            + " application. A consumer method that takes a Message needs"
            + " @Acknowledgment(POST_PROCESSING)",
        name());
  }

  private synchronized List<Lane> lanes() {
    return List.copyOf(lanes);
  }

  private int deadLanes() {
    return (int) lanes().stream().filter(Lane::isCancelled).count();
  }

  /** Asks it to stop; {@link #awaitStop} waits. More calls do nothing. */
  public void stop() {
    stopping = true;
    pollLoop.stop();
  }

  /** Waits until it has left its group, a bounded time. */
  public void awaitStop() {
    Thread started;
    synchronized (this) {
      started = pollThread;
    }
    try {
      if (started != null) {
        started.join(settings.closeTimeout().plus(LEAVE_TIMEOUT).toMillis());
      }
      for (Lane lane : lanes()) {
        lane.stop();
      }
      // A lane that waits for a dead letter to be stored waits no longer.
      deadLetters.close();
      for (Lane lane : lanes()) {
        lane.join(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    measured.close();
  }

  /** How it stands. */
  public ChannelState state() {
    ChannelState.Phase phase = pollLoop.phase();
    Optional<String> problem = pollLoop.problem();
    int dead = stopping ? 0 : deadLanes();
    if (dead > 0) {
      phase = ChannelState.Phase.DEAD;
      problem = Optional.of("the runtime cancelled " + dead + " of " + lanes().size() + " streams");
    } else if (phase == ChannelState.Phase.WAITING
        && lanes().stream().noneMatch(Lane::isSubscribed)) {
      problem = Optional.of("nothing in the application reads it");
    }
    return new ChannelState(name(), phase, problem, stuck(), dispatcher.states());
  }

  /** How it stands, and how far its poll loop has turned. */
  public Life life() {
    Pulse pulse = pollLoop.pulse();
    return new Life(state(), pulse.silence().isPresent() ? pulse.beats() : -1);
  }

  /** What its Kafka consumer measures; empty while there is none. */
  public Map<MetricName, ? extends Metric> metrics() {
    return pollLoop.metrics();
  }

  /** Who is silent for longer than this has left the group anyway. */
  private Optional<String> stuck() {
    return pollLoop
        .pulse()
        .silence()
        .filter(silence -> silence.compareTo(settings.maxPollInterval()) > 0)
        .map(silence -> "has not polled for " + silence + ", longer than max.poll.interval.ms")
        .or(() -> lanes().stream().flatMap(lane -> lane.overdue().stream()).findFirst());
  }

  /** What operators may do with it. */
  public Control control() {
    return control;
  }
}
