package io.drivetrain.connector.internal.smallrye;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/** A message with metadata; the rest is the message's own. Immutable, as far as that is. */
final class MessageWithMetadata implements Message<Object> {
  private final Message<?> message;
  private final Metadata metadata;

  MessageWithMetadata(Message<?> message, Metadata metadata) {
    this.message = message;
    this.metadata = metadata;
  }

  /**
   * Overrides SmallRye's method at run time. No annotation says so, because this is compiled
   * against the specification's {@code Message}, which lacks it.
   */
  public Metadata getMetadata() {
    return metadata;
  }

  @Override
  public Object getPayload() {
    return message.getPayload();
  }

  @Override
  public CompletionStage<Void> ack() {
    return message.ack();
  }

  @Override
  public CompletionStage<Void> nack(Throwable reason) {
    return message.nack(reason);
  }

  @Override
  public Supplier<CompletionStage<Void>> getAck() {
    return message.getAck();
  }

  @Override
  public Function<Throwable, CompletionStage<Void>> getNack() {
    return message.getNack();
  }

  @Override
  public <C> C unwrap(Class<C> type) {
    return type != null && type.isInstance(this) ? type.cast(this) : message.unwrap(type);
  }
}
