package io.drivetrain.outbox.internal.write;

import io.drivetrain.outbox.EncodedMessage;
import java.util.List;

/** Writes events in the transaction of the calling thread. */
@FunctionalInterface
public interface Writer {

  /**
   * Writes events in their order.
   *
   * @return the buckets they fell into, a bit for each
   * @throws io.drivetrain.outbox.OutboxException if it could not; the transaction must not commit
   */
  long write(List<EncodedMessage> messages);
}
