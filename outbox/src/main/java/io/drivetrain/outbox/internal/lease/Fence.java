package io.drivetrain.outbox.internal.lease;

import java.util.List;
import java.util.Optional;

/**
 * Ends what former owners of shards may still do in Kafka, before the events are divided anew: a
 * process that froze within its commit would go on with it under a name that nobody takes again.
 * Called by the thread of leases.
 */
@FunctionalInterface
public interface Fence {

  /** For batches that are no transactions: nothing can be ended. */
  Fence NONE = names -> Optional.empty();

  /**
   * Fences whoever has one of these names.
   *
   * @param names as the shards' rows have them, see {@link Lease#transactionalId}
   * @return why that is not possible now; empty if it is done
   */
  Optional<String> raise(List<String> names);
}
