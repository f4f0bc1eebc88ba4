package io.drivetrain.connector.internal.observe;

import org.apache.kafka.clients.producer.ProducerRecord;

/** Hears every record that is sent. Thread-safe. */
public interface SendObserver {

  /** Hears nothing. */
  SendObserver NONE = record -> Sent.NONE;

  /**
   * A record is handed to the producer next, on this thread.
   *
   * @param record encoded; headers may be added
   */
  Sent begin(ProducerRecord<byte[], byte[]> record);

  /** A record on its way. */
  interface Sent {

    /** Nobody wants to know. */
    Sent NONE = failure -> {};

    /**
     * The answer is there, on any thread.
     *
     * @param failure null if Kafka has confirmed the record
     */
    void end(Throwable failure);
  }
}
