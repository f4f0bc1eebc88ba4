package io.drivetrain.connector.internal.outbound;

import io.drivetrain.connector.internal.observe.SendObserver;
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
  private final Supplier<SendObserver> observer;

  /**
   * A sender without a producer yet.
   *
   * @param owner whose it is, as the subject of a sentence
   * @param producers makes the Kafka producer, at the first send
   * @param closeTimeout how long {@link #close} waits for sends in flight
   * @param root settings with the topics' codecs
   * @param observer what hears of each send, whenever asked
   */
  public RecordSender(
      String owner,
      Supplier<Producer<byte[], byte[]>> producers,
      Duration closeTimeout,
      Settings root,
      Optional<Serializer<Object>> keySerializer,
      Optional<Serializer<Object>> valueSerializer,
      Supplier<SendObserver> observer) {
    this.encoder = new RecordEncoder(root, keySerializer, valueSerializer);
    this.producer = new ProducerHandle(owner, producers);
    this.closeTimeout = closeTimeout;
    this.observer = observer;
  }

  /**
   * Sends; the callback hears how it ended, on a thread of Kafka's producer or on this one.
   *
   * @throws RuntimeException if it cannot be encoded, or after the stop; the callback hears nothing
   */
  void send(ProducerRecord<?, ?> record, Callback callback) {
    ProducerRecord<byte[], byte[]> encoded = encoder.encode(record);
    SendObserver.Sent sent = observer.get().begin(encoded);
    try {
      producer.send(
          encoded,
          (metadata, failure) -> {
            sent.end(failure);
            callback.onCompletion(metadata, failure);
          });
    } catch (RuntimeException e) {
      sent.end(e);
      throw e;
    }
  }

  /**
   * Waits until what was sent is confirmed, within the close timeout, and ends the producer; a
   * later send is refused.
   */
  public void close() {
    producer.close(closeTimeout);
  }
}
