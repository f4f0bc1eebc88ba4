package io.drivetrain.outbox.internal.write;

import io.drivetrain.outbox.EncodedMessage;
import java.util.List;

/** Writes events in the transaction of the calling thread. */
@FunctionalInterface
public interface Writer {

  /**
   * Writes events in their order.
   *
   * @throws io.drivetrain.outbox.OutboxException if it could not; the transaction must not commit
   */
  void write(List<EncodedMessage> messages);
}
