package io.drivetrain.entitysync.internal.consume;

import jakarta.persistence.EntityManager;
import java.util.List;

/** One way to bring changes into the entity's table, in the running transaction. Thread-safe. */
interface EntityWriter<E> {
  /**
   * Applies changes of which no two have the same key; what the transaction did before is seen.
   *
   * @throws RecordFailure if it can tell the record that cannot be applied
   */
  void write(EntityManager entities, List<Change> changes);
}
