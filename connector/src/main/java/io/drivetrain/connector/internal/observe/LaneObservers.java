package io.drivetrain.connector.internal.observe;

import io.drivetrain.connector.Delivery;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Several observers as one. Owned by the lane's thread. */
final class LaneObservers implements LaneObserver {
  private final LaneObserver[] observers;

  LaneObservers(List<LaneObserver> observers) {
    this.observers = observers.toArray(LaneObserver[]::new);
  }

  @Override
  public void begin(Delivery delivery, ConsumerRecord<byte[], byte[]> record) {
    for (LaneObserver observer : observers) {
      observer.begin(delivery, record);
    }
  }

  @Override
  public void beginBatch(Delivery delivery, List<ConsumerRecord<byte[], byte[]>> records) {
    for (LaneObserver observer : observers) {
      observer.beginBatch(delivery, records);
    }
  }

  @Override
  public void end(int done, Throwable failure) {
    for (LaneObserver observer : observers) {
      observer.end(done, failure);
    }
  }

  @Override
  public void abandoned() {
    for (LaneObserver observer : observers) {
      observer.abandoned();
    }
  }

  @Override
  public void flush() {
    for (LaneObserver observer : observers) {
      observer.flush();
    }
  }
}
