package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.internal.assignment.Run;
import io.drivetrain.connector.internal.payload.Payload;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The publisher one runtime subscription reads from, and the thread that delivers to it. It has one
 * delivery open at a time, whatever the demand: some runtimes ask for everything at once. The
 * lane's thread owns all fields but those marked.
 */
final class Lane implements Publisher<Message<?>>, Subscription, Runnable {
  private static final Logger LOG = System.getLogger(Lane.class.getName());

  /** No wait relies on being woken alone. */
  private static final long PARK_NANOS = Duration.ofSeconds(1).toNanos();

  private final String channel;
  private final Dispatcher dispatcher;
  private final Courier courier;

  /** Null if deliveries may take as long as they like. */
  private final DeliveryWatch watch;

  private final Runnable onSubscribed;
  private final Runnable onDeath;

  /** Any thread. */
  private final AtomicLong demand = new AtomicLong();

  /** Written by the thread that subscribes. */
  private volatile Subscriber<? super Message<?>> subscriber;

  /** Written by the thread that starts the lane. */
  private volatile Thread thread;

  /** Any thread. */
  private volatile boolean cancelled;

  /** Any thread. */
  private volatile boolean stopped;

  Lane(
      String channel,
      Dispatcher dispatcher,
      Payload payload,
      FailureHandler failures,
      Listeners listeners,
      DeliveryWatch watch,
      Runnable onSubscribed,
      Runnable onDeath) {
    this.channel = channel;
    this.dispatcher = dispatcher;
    this.courier = new Courier(channel, this, dispatcher, payload, failures, listeners, watch);
    this.watch = watch;
    this.onSubscribed = onSubscribed;
    this.onDeath = onDeath;
  }

  // Any thread.

  @Override
  public void subscribe(Subscriber<? super Message<?>> newSubscriber) {
    synchronized (this) {
      if (subscriber != null) {
        throw new IllegalStateException("channel " + channel + " takes one subscriber per lane");
      }
      subscriber = newSubscriber;
    }
    newSubscriber.onSubscribe(this);
    onSubscribed.run();
  }

  boolean isSubscribed() {
    return subscriber != null;
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      LOG.log(
          Level.ERROR,
          "channel {0}: the runtime requested {1} messages; expected 1 or more",
          channel,
          n);
      cancel();
      subscriber.onError(new IllegalArgumentException("request(" + n + "); expected 1 or more"));
      return;
    }
    long before = demand.getAndAccumulate(n, Lane::added);
    if (before == 0 && Thread.currentThread() != thread) {
      wake();
    }
  }

  private static long added(long current, long more) {
    long sum = current + more;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  @Override
  public void cancel() {
    if (!cancelled) {
      cancelled = true;
      onDeath.run();
      wake();
    }
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** The delivery that takes too long, in words, if there is one. */
  Optional<String> overdue() {
    return watch == null ? Optional.empty() : watch.overdue();
  }

  /** Called now and then, so that a delivery that takes too long is told and interrupted. */
  void look() {
    if (watch != null) {
      watch.look();
    }
  }

  void startOn(Thread newThread) {
    thread = newThread;
    newThread.start();
  }

  boolean isStarted() {
    return thread != null;
  }

  /** Ends the thread, after the delivery in hand if there is one. */
  void stop() {
    stopped = true;
    wake();
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  /** A message was acknowledged or refused. */
  void settled() {
    if (Thread.currentThread() != thread) {
      wake();
    }
  }

  // The lane's thread.

  @Override
  public void run() {
    courier.begin();
    try {
      while (!stopped && !cancelled) {
        Run run = demand.get() == 0 ? null : dispatcher.take();
        if (run != null) {
          courier.deliver(run);
          if (demand.get() == 0) {
            // Others may go on at once with what this run held up.
            dispatcher.wakeLanes();
          }
        } else {
          park(demand.get() == 0 ? PARK_NANOS : dispatcher.sleepNanos());
        }
      }
    } catch (Throwable e) {
      LOG.log(Level.ERROR, "channel " + channel + ": a delivering thread died", e);
      cancel();
    } finally {
      courier.end();
      dispatcher.wakeLanes();
    }
  }

  /** False if the run is to be given back instead. */
  boolean awaitDemand(Run run) {
    while (demand.get() == 0) {
      if (run.isStopped() || cancelled || stopped) {
        return false;
      }
      park(PARK_NANOS);
    }
    return !run.isStopped() && !cancelled && !stopped;
  }

  /**
   * Delivers and waits for the answer; false if none will come.
   *
   * @param shown what the runtime sees of it
   */
  boolean emit(LaneMessage message, Message<?> shown) {
    // Only now: a record that could not be decoded has not used what the runtime asked for.
    demand.getAndUpdate(n -> n == Long.MAX_VALUE ? n : n - 1);
    try {
      subscriber.onNext(shown);
    } catch (Throwable e) {
      // No subscriber may throw; if one does, the record failed.
      message.nack(e);
    }
    // An interrupt was for the method, and it has returned: the waits of others are not to end.
    Thread.interrupted();
    while (!message.isSettled()) {
      if (cancelled || stopped) {
        return false;
      }
      park(PARK_NANOS);
    }
    return true;
  }

  /** Who wants the lane to end says so; with an interrupt that stays it would never sleep again. */
  private void park(long nanos) {
    LockSupport.parkNanos(this, nanos);
    Thread.interrupted();
  }

  /** Waits for the thread's end. */
  boolean join(Duration timeout) throws InterruptedException {
    Thread started = thread;
    if (started == null || started == Thread.currentThread()) {
      return true;
    }
    TimeUnit.NANOSECONDS.timedJoin(started, Math.max(1, timeout.toNanos()));
    return !started.isAlive();
  }
}
