package io.drivetrain.outbox.internal.messaging;

import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.EncodedMessage.Header;
import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.outbox.PendingMessages.Pending;
import io.drivetrain.schema.Encoded;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.settings.Settings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * One outgoing channel into the outbox. It asks for everything at once, so that a message is
 * published on the thread that emits it and thus in that thread's transaction: acknowledged when it
 * is part of the transaction, refused if there is none. Thread-safe.
 */
final class OutboxChannel implements Subscriber<Message<?>> {
  private static final Logger LOG = System.getLogger(OutboxChannel.class.getName());

  private final String channel;
  private final Optional<String> topic;
  private final PendingMessages outbox;
  private final Settings settings;

  OutboxChannel(String channel, Optional<String> topic, PendingMessages outbox, Settings settings) {
    this.channel = channel;
    this.topic = topic;
    this.outbox = outbox;
    this.settings = settings;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(Message<?> message) {
    RuntimeException failure = null;
    try {
      // Encoded inside: then a value that cannot be encoded marks the transaction for rollback, and
      // an emitter whose result nobody looks at does not lose its event.
      outbox.compute(
          new Object(), nothing -> new Pending(null, List.of(encode(message.getPayload()))));
    } catch (RuntimeException e) {
      failure = e;
    }
    answer(message, failure);
  }

  private void answer(Message<?> message, RuntimeException failure) {
    try {
      if (failure == null) {
        message.ack();
      } else {
        message.nack(
            failure instanceof IllegalStateException
                ? new IllegalStateException("channel " + channel + ": " + failure.getMessage())
                : failure);
      }
    } catch (RuntimeException e) {
      // An exception out of onNext would end the channel for good.
      LOG.log(Level.WARNING, "channel " + channel + ": the answer to an event was refused", e);
    }
  }

  /** The same bytes as a direct channel would send, so that a channel may change sides. */
  private EncodedMessage encode(Object payload) {
    if (payload instanceof ProducerRecord<?, ?> record) {
      List<Header> headers = new ArrayList<>();
      record.headers().forEach(header -> headers.add(new Header(header.key(), header.value())));
      Encoded encoded = format(record.topic()).encodeOfChannel(record.key(), record.value());
      return new EncodedMessage(
          record.topic(),
          encoded.key(),
          encoded.value(),
          headers,
          record.partition(),
          record.timestamp());
    }
    String name =
        topic.orElseThrow(
            () ->
                new IllegalStateException(
                    "mp.messaging.outgoing."
                        + channel
                        + ".topic is not set, and only a ProducerRecord brings its own"));
    Encoded encoded = format(name).encodeOfChannel(null, payload);
    return new EncodedMessage(name, encoded.key(), encoded.value(), List.of(), null, null);
  }

  private TopicFormat format(String name) {
    return TopicFormat.of(settings, name);
  }

  @Override
  public void onError(Throwable failure) {
    LOG.log(
        Level.ERROR,
        "channel " + channel + ": the runtime ended the stream; nothing is published any more",
        failure);
  }

  @Override
  public void onComplete() {
    LOG.log(Level.DEBUG, "channel {0}: completed", channel);
  }
}
