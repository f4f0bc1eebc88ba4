package io.drivetrain.connector.internal.outbound;

import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.settings.OutgoingSettings;
import io.drivetrain.schema.settings.Settings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The subscriber behind one outgoing channel. It asks for everything at once, so that a message
 * reaches Kafka's producer on the thread that emits it. Thread-safe: emitters send from any thread.
 */
public final class OutgoingChannel implements Subscriber<Message<?>> {
  private static final Logger LOG = System.getLogger(OutgoingChannel.class.getName());

  private final OutgoingSettings settings;
  private final RecordEncoder encoder;
  private final ProducerHandle producer;

  /**
   * A channel without a producer yet.
   *
   * @param producers makes the Kafka producer, at the first send
   * @param root settings with the topics' codecs
   */
  public OutgoingChannel(
      OutgoingSettings settings,
      Supplier<Producer<byte[], byte[]>> producers,
      Settings root,
      Optional<Serializer<Object>> keySerializer,
      Optional<Serializer<Object>> valueSerializer) {
    this.settings = settings;
    this.encoder = new RecordEncoder(settings.topic(), root, keySerializer, valueSerializer);
    this.producer = new ProducerHandle(settings.channel(), producers);
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(Message<?> message) {
    LiveDelivery delivery = LiveDelivery.ofThisThread();
    CompletableFuture<Void> confirmed = delivery == null ? null : new CompletableFuture<>();
    if (delivery != null) {
      delivery.tie(confirmed);
    }
    try {
      ProducerRecord<byte[], byte[]> record = encoder.encode(message);
      producer.send(record, (metadata, failure) -> settle(message, confirmed, failure));
    } catch (RuntimeException e) {
      settle(message, confirmed, e);
    }
  }

  private void settle(Message<?> message, CompletableFuture<Void> confirmed, Exception failure) {
    try {
      if (failure == null) {
        message.ack();
      } else {
        LOG.log(
            Level.WARNING,
            "channel {0}: a record was not sent: {1}",
            settings.channel(),
            failure.toString());
        message.nack(failure);
      }
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING, "channel " + settings.channel() + ": the answer to a send was refused", e);
    }
    if (confirmed != null && failure == null) {
      confirmed.complete(null);
    } else if (confirmed != null) {
      confirmed.completeExceptionally(failure);
    }
  }

  @Override
  public void onError(Throwable failure) {
    LOG.log(
        Level.ERROR,
        "channel "
            + settings.channel()
            + ": the runtime ended the stream; nothing is sent any more",
        failure);
  }

  @Override
  public void onComplete() {
    // Emitters complete their streams when the application stops; what was sent is awaited at the
    // stop.
    LOG.log(Level.DEBUG, "channel {0}: completed", settings.channel());
  }

  /**
   * Waits until what was sent is confirmed, within {@code close-timeout}, and ends the producer; a
   * later message is refused.
   */
  public void close() {
    producer.close(settings.closeTimeout());
  }
}
