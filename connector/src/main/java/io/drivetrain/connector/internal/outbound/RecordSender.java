package io.drivetrain.connector.internal.outbound;

import io.drivetrain.schema.settings.Settings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** Encodes records and sends them through one producer. Thread-safe. */
public final class RecordSender {
  private final RecordEncoder encoder;
  private final ProducerHandle producer;
  private final Duration closeTimeout;

  /**
   * A sender without a producer yet.
   *
   * @param owner whose it is, as the subject of a sentence
   * @param producers makes the Kafka producer, at the first send
   * @param closeTimeout how long {@link #close} waits for sends in flight
   * @param root settings with the topics' codecs
   */
  public RecordSender(
      String owner,
      Supplier<Producer<byte[], byte[]>> producers,
      Duration closeTimeout,
      Settings root,
      Optional<Serializer<Object>> keySerializer,
      Optional<Serializer<Object>> valueSerializer) {
    this.encoder = new RecordEncoder(root, keySerializer, valueSerializer);
    this.producer = new ProducerHandle(owner, producers);
    this.closeTimeout = closeTimeout;
  }

  /**
   * Sends; the callback hears how it ended, on a thread of Kafka's producer or on this one.
   *
   * @throws RuntimeException if it cannot be encoded, or after the stop; the callback hears nothing
   */
  void send(ProducerRecord<?, ?> record, Callback callback) {
    producer.send(encoder.encode(record), callback);
  }

  /**
   * Waits until what was sent is confirmed, within the close timeout, and ends the producer; a
   * later send is refused.
   */
  public void close() {
    producer.close(closeTimeout);
  }
}
