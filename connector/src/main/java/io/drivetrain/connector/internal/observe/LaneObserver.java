package io.drivetrain.connector.internal.observe;

import io.drivetrain.connector.Delivery;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Hears every delivery of one lane. Owned by the lane's thread, on which all calls come, in pairs:
 * a beginning, then {@link #end} or {@link #abandoned}.
 */
public interface LaneObserver {

  /** Hears nothing. */
  LaneObserver NONE =
      new LaneObserver() {
        @Override
        public void begin(Delivery delivery, ConsumerRecord<byte[], byte[]> record) {}

        @Override
        public void beginBatch(Delivery delivery, List<ConsumerRecord<byte[], byte[]>> records) {}

        @Override
        public void end(int done, Throwable failure) {}

        @Override
        public void abandoned() {}

        @Override
        public void flush() {}
      };

  /**
   * A record is decoded and handed to the consumer method next.
   *
   * @param delivery valid until the delivery ends; reused for the next
   */
  void begin(Delivery delivery, ConsumerRecord<byte[], byte[]> record);

  /**
   * Records of one partition are decoded and handed to the consumer method next, together.
   *
   * @param delivery valid until the delivery ends; reused for the next
   */
  void beginBatch(Delivery delivery, List<ConsumerRecord<byte[], byte[]>> records);

  /**
   * The delivery is over.
   *
   * @param done how many of its records are processed, from the first on
   * @param failure why it failed, null if it did not
   */
  void end(int done, Throwable failure);

  /** The delivery got no answer: the channel stops, or the runtime cancelled it. */
  void abandoned();

  /** Deliveries of another partition may follow: what was counted of this one may be passed on. */
  void flush();

  /** One that passes everything on to all of these, in this order. */
  static LaneObserver all(List<LaneObserver> observers) {
    return switch (observers.size()) {
      case 0 -> NONE;
      case 1 -> observers.get(0);
      default -> new LaneObservers(observers);
    };
  }
}
