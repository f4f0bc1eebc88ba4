package io.drivetrain.connector.internal.observe;

import io.drivetrain.connector.Delivery;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Keeps what an observer throws from its lane, and logs the first of it: records matter more than
 * their metrics. Owned by the lane's thread.
 */
final class GuardedObserver implements LaneObserver {
  private static final Logger LOG = System.getLogger(GuardedObserver.class.getName());

  private final LaneObserver observer;
  private boolean failed;

  GuardedObserver(LaneObserver observer) {
    this.observer = observer;
  }

  @Override
  public void begin(Delivery delivery, ConsumerRecord<byte[], byte[]> record) {
    try {
      observer.begin(delivery, record);
    } catch (RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  @Override
  public void beginBatch(Delivery delivery, List<ConsumerRecord<byte[], byte[]>> records) {
    try {
      observer.beginBatch(delivery, records);
    } catch (RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  @Override
  public void end(int done, Throwable failure) {
    try {
      observer.end(done, failure);
    } catch (RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  @Override
  public void abandoned() {
    try {
      observer.abandoned();
    } catch (RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  @Override
  public void flush() {
    try {
      observer.flush();
    } catch (RuntimeException | LinkageError e) {
      failed(e);
    }
  }

  private void failed(Throwable e) {
    if (!failed) {
      failed = true;
      LOG.log(Level.WARNING, "metrics or traces fail; this is said once", e);
    }
  }
}
