package io.drivetrain.connector.internal.outbound;

import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.settings.OutgoingSettings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
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

  /** A channel that sends through a sender of its own. */
  public OutgoingChannel(OutgoingSettings settings, RecordSender sender) {
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
    CompletableFuture<Void> confirmed = delivery == null ? null : new CompletableFuture<>();
    if (delivery != null) {
      delivery.tie(confirmed);
    }
    try {
      sender.send(
          records.of(message, delivery),
          (metadata, failure) -> settle(message, confirmed, failure));
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // Of an encoder, too. Out of here it would end the stream for good.
      settle(message, confirmed, e);
    }
  }

  private void settle(Message<?> message, CompletableFuture<Void> confirmed, Throwable failure) {
    try {
      if (failure == null) {
        message.ack();
      } else {
        LOG.log(Level.WARNING, "channel {0}: a record was not sent: {1}", name, failure.toString());
        message.nack(failure);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "channel " + name + ": the answer to a send was refused", e);
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
