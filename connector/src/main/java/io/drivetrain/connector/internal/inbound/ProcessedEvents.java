package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.observe.LaneObserver;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Tells listeners what was processed, and how long it took. Owned by the lane's thread. */
final class ProcessedEvents implements LaneObserver {
  private final String channel;
  private final Listeners listeners;
  private final Time time;
  private final LiveDelivery part;
  private Delivery delivery;
  private List<ConsumerRecord<byte[], byte[]>> batch;
  private long begun;

  ProcessedEvents(String channel, Listeners listeners, Time time) {
    this.channel = channel;
    this.listeners = listeners;
    this.time = time;
    this.part = new LiveDelivery(channel);
  }

  @Override
  public void begin(Delivery next, ConsumerRecord<byte[], byte[]> record) {
    beginBatch(next, null);
  }

  @Override
  public void beginBatch(Delivery next, List<ConsumerRecord<byte[], byte[]>> records) {
    delivery = next;
    batch = records;
    begun = time.nanos();
  }

  @Override
  public void end(int done, Throwable failure) {
    if (done > 0) {
      Duration duration = Duration.ofNanos(time.nanos() - begun);
      Delivery processed = processed(done);
      listeners.tell(channel, listener -> listener.processed(processed, duration));
    }
  }

  private Delivery processed(int done) {
    if (done == delivery.size()) {
      return delivery.snapshot();
    }
    part.begin(
        batch.get(0),
        batch.get(done - 1),
        done,
        delivery.attempt(),
        delivery.lastFailure().orElse(null));
    return part.snapshot();
  }

  @Override
  public void abandoned() {}

  @Override
  public void flush() {}
}
