package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.internal.assignment.Run;
import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.observe.LaneObserver;
import io.drivetrain.connector.internal.payload.Payload;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Carries runs to the consumer method through its lane, record by record or as a batch, and brings
 * them back done, unfinished or failed. Owned by the lane's thread, but for what messages ask of
 * it.
 */
final class Courier {

  /** After this long on one partition the others get their turn. */
  private static final long SLICE_NANOS = Duration.ofMillis(5).toNanos();

  /** Records between two looks at the clock, at most. */
  private static final int LOOK_EVERY = 16;

  private final String channel;
  private final Lane lane;
  private final Dispatcher dispatcher;
  private final Payload payload;
  private final FailureHandler failures;
  private final Listeners listeners;
  private final LiveDelivery live;

  /** Null if deliveries may take as long as they like. */
  private final DeliveryWatch watch;

  private LaneObserver observer = LaneObserver.NONE;

  Courier(
      String channel,
      Lane lane,
      Dispatcher dispatcher,
      Payload payload,
      FailureHandler failures,
      Listeners listeners,
      DeliveryWatch watch) {
    this.channel = channel;
    this.lane = lane;
    this.dispatcher = dispatcher;
    this.payload = payload;
    this.failures = failures;
    this.listeners = listeners;
    this.live = new LiveDelivery(channel, payload.isBatch());
    this.watch = watch;
  }

  // Any thread.

  ConsumerRecord<?, ?> typedRecord(ConsumerRecord<byte[], byte[]> record, Object value) {
    return payload.typedRecord(record, value);
  }

  Delivery snapshot(Run run, int index) {
    return run.delivery(channel, index, payload.isBatch() ? run.size() - index : 1);
  }

  /** A message was acknowledged or refused. */
  void settled() {
    lane.settled();
  }

  // The lane's thread.

  void begin() {
    live.bind();
    observer = listeners.lane(channel, dispatcher.time());
  }

  void end() {
    live.unbind();
  }

  void deliver(Run run) {
    run.failure()
        .ifPresent(failure -> listeners.tell(channel, l -> l.resumed(channel, run.partition())));
    Broken broken = payload.isBatch() ? deliverBatch(run) : deliverEach(run);
    if (broken == null) {
      dispatcher.returned(run);
    } else {
      failures.failed(run, broken);
    }
    observer.flush();
    live.end();
  }

  private Broken deliverEach(Run run) {
    List<ConsumerRecord<byte[], byte[]>> records = run.records();
    int size = records.size();
    long begin = System.nanoTime();
    for (int i = 0; i < size; i++) {
      // Slow methods look at the clock after every record at first; fast ones hardly ever, but
      // often
      // enough for one that becomes slow in the middle of a run.
      if (((i & (i - 1)) == 0 || i % LOOK_EVERY == 0)
          && i > 0
          && System.nanoTime() - begin > SLICE_NANOS) {
        return null;
      }
      if (!lane.awaitDemand(run)) {
        return null;
      }
      ConsumerRecord<byte[], byte[]> record = records.get(i);
      live.begin(record, record, 1, run.attempt(i), run.lastFailure(i));
      observer.begin(live, record);
      watch(record);
      LaneMessage message;
      Message<?> shown;
      try {
        Object decoded = payload.decode(record);
        message = new LaneMessage(decoded, this, run, i);
        shown = payload.shown(message, channel, record);
      } catch (RuntimeException | LinkageError e) {
        return Broken.one(over(0, e));
      }
      if (!lane.emit(message, shown)) {
        abandoned();
        return null;
      }
      Throwable failure = outcome(message);
      if (failure != null) {
        return Broken.one(over(0, failure));
      }
      run.completed(i + 1);
      over(1, null);
    }
    return null;
  }

  private Broken deliverBatch(Run run) {
    if (!lane.awaitDemand(run)) {
      return null;
    }
    List<ConsumerRecord<byte[], byte[]>> records = run.records();
    live.begin(
        records.get(0),
        records.get(records.size() - 1),
        records.size(),
        run.attempt(0),
        run.lastFailure(0));
    observer.beginBatch(live, records);
    watch(records.get(0));
    Payload.Batch batch;
    try {
      batch = payload.decode(channel, records);
    } catch (RuntimeException | LinkageError e) {
      return Broken.all(over(0, e), records.size());
    }
    if (batch.size() == 0) {
      return Broken.one(over(0, batch.undecodable()));
    }
    live.begin(
        records.get(0),
        records.get(batch.size() - 1),
        batch.size(),
        run.attempt(0),
        run.lastFailure(0));
    LaneMessage message = new LaneMessage(batch.payload(), this, run, 0);
    if (!lane.emit(message, message)) {
      abandoned();
      return null;
    }
    Throwable failure = outcome(message);
    if (failure instanceof BatchFailure at && at.index() < batch.size()) {
      run.completed(at.index());
      at = (BatchFailure) over(at.index(), at);
      return new Broken(at.getCause() == null ? at : at.getCause(), batch.size() - at.index(), 1);
    }
    if (failure != null) {
      return Broken.all(over(0, failure), batch.size());
    }
    run.completed(batch.size());
    over(batch.size(), batch.undecodable());
    // What came before an undecodable record is done; that record fails alone.
    return batch.undecodable() == null ? null : Broken.one(batch.undecodable());
  }

  private void watch(ConsumerRecord<byte[], byte[]> first) {
    if (watch != null) {
      watch.begin(first);
    }
  }

  /** The delivery is over; returns why it failed, in the words of whoever knows better. */
  private Throwable over(int done, Throwable failure) {
    Throwable cause = watch == null ? failure : watch.end(failure);
    observer.end(done, cause);
    return cause;
  }

  private void abandoned() {
    if (watch != null) {
      watch.end(null);
    }
    observer.abandoned();
  }

  /** Why the delivery failed, null if it is done and what it sent is confirmed. */
  private Throwable outcome(LaneMessage message) {
    Throwable refused = message.failure();
    Throwable failure = refused == null ? null : Causes.userFailure(refused);
    if (failure != null && !(failure instanceof BatchFailure)) {
      return failure;
    }
    // What comes before the failure of a batch is done, too, only with all it sent.
    Throwable unsent = live.awaitSends();
    return unsent == null ? failure : unsent;
  }
}
