package io.drivetrain.connector.internal.inbound;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** The subscriber of a runtime; what it does with a message is up to the test. */
final class Probe implements Subscriber<Message<?>> {
  final List<Message<?>> messages = new CopyOnWriteArrayList<>();
  final List<Throwable> errors = new CopyOnWriteArrayList<>();
  volatile Consumer<Message<?>> method = message -> {};
  volatile Subscription subscription;

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
  }

  @Override
  public void onNext(Message<?> message) {
    messages.add(message);
    method.accept(message);
  }

  @Override
  public void onError(Throwable error) {
    errors.add(error);
  }

  @Override
  public void onComplete() {}

  List<Object> payloads() {
    return messages.stream().<Object>map(Message::getPayload).toList();
  }

  void acknowledges() {
    method = Message::ack;
  }

  /** As SmallRye does: asks for the next one inside the call, after the acknowledgement. */
  void acknowledgesAndAsksForOneMore() {
    method =
        message -> {
          message.ack();
          subscription.request(1);
        };
  }
}
