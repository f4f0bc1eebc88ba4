package io.drivetrain.openliberty.variants;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** A consumer whose first exception would end its stream for good. */
@ApplicationScoped
public class StreamKiller {

  /** Acknowledges by itself. */
  @Incoming("killer")
  public CompletionStage<Void> consume(Message<String> message) {
    return message.ack();
  }
}
