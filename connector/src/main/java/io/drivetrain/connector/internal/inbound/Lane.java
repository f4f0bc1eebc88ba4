package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.payload.Payload;
import io.drivetrain.connector.internal.payload.UndecodableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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

  /** After this long on one partition the others get their turn. */
  private static final long SLICE_NANOS = Duration.ofMillis(5).toNanos();

  /** No wait relies on being woken alone. */
  private static final long PARK_NANOS = Duration.ofSeconds(1).toNanos();

  private final String channel;
  private final Dispatcher dispatcher;
  private final Payload payload;
  private final Listeners listeners;
  private final Runnable onSubscribed;
  private final Runnable onDeath;
  private final LiveDelivery live;

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
      Listeners listeners,
      Runnable onSubscribed,
      Runnable onDeath) {
    this.channel = channel;
    this.dispatcher = dispatcher;
    this.payload = payload;
    this.listeners = listeners;
    this.onSubscribed = onSubscribed;
    this.onDeath = onDeath;
    this.live = new LiveDelivery(channel);
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

  ConsumerRecord<?, ?> typedRecord(ConsumerRecord<byte[], byte[]> record, Object value) {
    return payload.typedRecord(record, value);
  }

  Delivery snapshot(Run run, int index) {
    LiveDelivery copy = new LiveDelivery(channel);
    int size = payload.isBatch() ? run.size() - index : 1;
    copy.begin(
        run.record(index),
        run.record(index + size - 1),
        size,
        run.attempt(index),
        lastFailure(run, index));
    return copy.snapshot();
  }

  // The lane's thread.

  @Override
  public void run() {
    live.bind();
    try {
      while (!stopped && !cancelled) {
        Run run = demand.get() == 0 ? null : dispatcher.take();
        if (run != null) {
          deliver(run);
        } else {
          LockSupport.parkNanos(this, demand.get() == 0 ? PARK_NANOS : dispatcher.sleepNanos());
        }
      }
    } catch (Throwable e) {
      LOG.log(Level.ERROR, "channel " + channel + ": a delivering thread died", e);
      cancel();
    } finally {
      live.unbind();
    }
  }

  private void deliver(Run run) {
    run.failure()
        .ifPresent(
            failure -> listeners.tell(channel, l -> l.resumed(channel, run.partition().name())));
    Broken broken = payload.isBatch() ? deliverBatch(run) : deliverEach(run);
    if (broken == null) {
      dispatcher.returned(run);
    } else {
      failed(run, broken);
    }
    live.end();
  }

  /** Why a run ended early: what failed, and how many records were delivered together. */
  private record Broken(Throwable cause, int size) {}

  private Broken deliverEach(Run run) {
    List<ConsumerRecord<byte[], byte[]>> records = run.records();
    int size = records.size();
    long begin = System.nanoTime();
    for (int i = 0; i < size; i++) {
      // Powers of two: fast methods hardly ever look at the clock, slow ones after every record.
      if ((i & (i - 1)) == 0 && i > 0 && System.nanoTime() - begin > SLICE_NANOS) {
        return null;
      }
      if (!awaitDemand(run)) {
        return null;
      }
      ConsumerRecord<byte[], byte[]> record = records.get(i);
      live.begin(record, record, 1, run.attempt(i), lastFailure(run, i));
      Object decoded;
      try {
        decoded = payload.decode(record);
      } catch (RuntimeException | LinkageError e) {
        return new Broken(e, 1);
      }
      LaneMessage message = new LaneMessage(decoded, this, run, i);
      if (!emit(message)) {
        return null;
      }
      Throwable failure = outcome(message);
      if (failure != null) {
        return new Broken(failure, 1);
      }
      run.completed(i + 1);
    }
    return null;
  }

  private Broken deliverBatch(Run run) {
    if (!awaitDemand(run)) {
      return null;
    }
    List<ConsumerRecord<byte[], byte[]>> records = run.records();
    live.begin(
        records.get(0),
        records.get(records.size() - 1),
        records.size(),
        run.attempt(0),
        lastFailure(run, 0));
    Payload.Batch batch;
    try {
      batch = payload.decode(channel, records);
    } catch (RuntimeException | LinkageError e) {
      return new Broken(e, records.size());
    }
    if (batch.size() == 0) {
      return new Broken(batch.undecodable(), 1);
    }
    live.begin(
        records.get(0),
        records.get(batch.size() - 1),
        batch.size(),
        run.attempt(0),
        lastFailure(run, 0));
    LaneMessage message = new LaneMessage(batch.payload(), this, run, 0);
    if (!emit(message)) {
      return null;
    }
    Throwable failure = outcome(message);
    if (failure instanceof BatchFailure at && at.index() < batch.size()) {
      run.completed(at.index());
      return new Broken(at.getCause() == null ? at : at.getCause(), batch.size() - at.index());
    }
    if (failure != null) {
      return new Broken(failure, batch.size());
    }
    run.completed(batch.size());
    // What came before an undecodable record is done; that record fails alone.
    return batch.undecodable() == null ? null : new Broken(batch.undecodable(), 1);
  }

  private static Throwable lastFailure(Run run, int index) {
    Optional<Failure> failure = run.failure();
    return index == 0 && failure.isPresent() ? failure.get().cause() : null;
  }

  /** False if the run is to be given back instead. */
  private boolean awaitDemand(Run run) {
    while (demand.get() == 0) {
      if (run.isStopped() || cancelled || stopped) {
        return false;
      }
      LockSupport.parkNanos(this, PARK_NANOS);
    }
<<<<<<< HEAD
    if (run.isStopped() || cancelled || stopped) {
      return false;
    }
    return true;
=======
    return !run.isStopped() && !cancelled && !stopped;
>>>>>>> connector
  }

  /** Delivers and waits for the answer; false if none will come. */
  private boolean emit(LaneMessage message) {
<<<<<<< HEAD
    // Only here: a record that cannot be decoded never reaches the runtime, which would not ask for
    // another one, and the channel would stand still.
=======
    // Only now: a record that could not be decoded has not used what the runtime asked for.
>>>>>>> connector
    demand.getAndUpdate(n -> n == Long.MAX_VALUE ? n : n - 1);
    try {
      subscriber.onNext(message);
    } catch (Throwable e) {
      // No subscriber may throw; if one does, the record failed.
      message.nack(e);
    }
    while (!message.isSettled()) {
      if (cancelled || stopped) {
        return false;
      }
      LockSupport.parkNanos(this, PARK_NANOS);
    }
    return true;
  }

  /** Why the delivery failed, null if it is done and what it sent is confirmed. */
  private Throwable outcome(LaneMessage message) {
    Throwable refused = message.failure();
    return refused == null ? live.awaitSends() : Causes.userFailure(refused);
  }

  private void failed(Run run, Broken broken) {
    if (!listeners.isEmpty()) {
      Delivery delivery = snapshotOfFailed(run, broken.size());
      listeners.tell(channel, listener -> listener.failed(delivery, broken.cause()));
    }
    Optional<Failure> failure = dispatcher.failed(run, broken.size(), broken.cause());
    failure.ifPresent(
        at -> {
          log(run, at);
          Optional<Duration> pause = at.resumeAt().map(end -> Duration.between(at.since(), end));
          listeners.tell(channel, l -> l.paused(channel, run.partition().name(), pause));
        });
  }

  private Delivery snapshotOfFailed(Run run, int size) {
    int index = run.completed();
    live.begin(
        run.record(index),
        run.record(index + size - 1),
        size,
        run.attempt(index),
        lastFailure(run, index));
    return live.snapshot();
  }

  private void log(Run run, Failure at) {
    String line =
        "channel "
            + channel
            + ": "
            + run.partition().name()
            + " offset "
            + at.offset()
            + " failed, attempt "
            + at.failures()
            + ": "
            + at.cause()
            + "; the partition pauses "
            + at.resumeAt().map(end -> "until " + end).orElse("until it is resumed");
    // Where user code failed is worth a stack once; one of a decoder could quote the record.
    if (at.failures() == 1 && !(at.cause() instanceof UndecodableException)) {
      LOG.log(Level.WARNING, line, at.cause());
    } else {
      LOG.log(Level.WARNING, line);
    }
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
