package io.drivetrain.entitysync;

/** What an {@link EntityConsumer} does with a collection that a payload carries. */
public enum CollectionMode {
  /** The entity has exactly the elements of the payload afterwards. */
  REPLACE,
  /** The elements of the payload are added, or updated if they are there; none goes. */
  APPEND
}
