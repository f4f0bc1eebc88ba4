package io.drivetrain.entitysync;

/**
 * Keeps a JPA entity's table equal to a compacted topic: upserts and deletes. Extend it, override
 * {@link #consume} with {@code @Incoming}, and call super.
 *
 * @param <E> the entity
 */
public abstract class EntityConsumer<E> {

  /** Applies a batch in one transaction. */
  public void consume(EntityBatch batch) {
    throw new UnsupportedOperationException();
  }
}
