package io.drivetrain.entitysync;

/** How an {@link EntityConsumer} writes a batch. */
public enum WriteMode {
  /** {@link #SET_BASED} where the entity allows it, else {@link #MERGE}. */
  AUTO,
  /**
   * One {@code INSERT … ON CONFLICT} from arrays, past the persistence provider. An entity that
   * does not allow it is an error that says why.
   */
  SET_BASED,
  /** Entities are found, changed and flushed by the persistence provider. */
  MERGE
}
