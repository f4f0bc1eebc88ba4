package io.drivetrain.connector.internal.delivery;

import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends what a delivery produces. Thread-safe. */
public interface Sends {

  /**
   * Sends.
   *
   * @return done when Kafka has confirmed it, else failed with what is to fail the delivery
   * @throws RuntimeException if it cannot be encoded
   */
  Future<?> produce(ProducerRecord<?, ?> record);
}
