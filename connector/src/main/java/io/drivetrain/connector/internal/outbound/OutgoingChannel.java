package io.drivetrain.connector.internal.outbound;

import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.settings.OutgoingSettings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The subscriber behind one outgoing channel. It asks for everything at once, so that a message
 * reaches Kafka's producer on the thread that emits it. Thread-safe: emitters send from any thread.
 */
public final class OutgoingChannel implements Subscriber<Message<?>> {
  private static final Logger LOG = System.getLogger(OutgoingChannel.class.getName());

  private final String name;
  private final OutgoingRecords records;
  private final RecordSender sender;
  private final boolean settled;

  /**
   * A channel that sends through a sender of its own.
   *
   * @param settled whether the runtime settles a record as what was made of it is settled
   */
  public OutgoingChannel(OutgoingSettings settings, RecordSender sender, boolean settled) {
    this.settled = settled;
    this.name = settings.channel();
    this.records = new OutgoingRecords(settings);
    this.sender = sender;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(Message<?> message) {
    LiveDelivery delivery = LiveDelivery.ofThisThread();
    // Tied where nothing else does it. Results of workers may come on each other's threads: one
    // that
    // failed would fail the record beside it, too.
    boolean tied = delivery != null && !settled;
    CompletableFuture<Void> confirmed = tied ? new CompletableFuture<>() : null;
    if (tied) {
      delivery.tie(confirmed);
    }
    try {
      ProducerRecord<?, ?> record = records.of(message, delivery);
      sender.send(
          record,
          (stored, failure) -> {
            if (failure == null) {
              confirmed(message, confirmed);
            } else {
              refused(message, confirmed, failure, Advice.on(record.topic(), failure));
            }
          });
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // Of an encoder, too. Out of here it would end the stream for good.
      refused(message, confirmed, e, e);
    }
  }

  private void confirmed(Message<?> message, CompletableFuture<Void> confirmed) {
    answer(message::ack);
    if (confirmed != null) {
      confirmed.complete(null);
    }
  }

  private void refused(
      Message<?> message, CompletableFuture<Void> confirmed, Throwable failure, Throwable advised) {
    LOG.log(Level.WARNING, "channel {0}: a record was not sent: {1}", name, advised.toString());
    answer(() -> message.nack(failure));
    if (confirmed != null) {
      confirmed.completeExceptionally(failure);
    }
  }

  private void answer(Runnable answer) {
    try {
      answer.run();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "channel " + name + ": the answer to a send was refused", e);
    }
  }

  @Override
  public void onError(Throwable failure) {
    LOG.log(
        Level.ERROR,
        "channel " + name + ": the runtime ended the stream; nothing is sent any more",
        failure);
  }

  @Override
  public void onComplete() {
    // Emitters complete their streams when the application stops; what was sent is awaited at the
    // stop.
    LOG.log(Level.DEBUG, "channel {0}: completed", name);
  }

  /**
   * Waits until what was sent is confirmed, within {@code close-timeout}, and ends the producer; a
   * later message is refused.
   */
  public void close() {
    sender.close();
  }
}
