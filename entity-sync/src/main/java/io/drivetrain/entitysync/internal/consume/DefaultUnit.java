package io.drivetrain.entitysync.internal.consume;

import jakarta.enterprise.context.Dependent;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/**
 * The application's only persistence unit; no bean if it has none or several. Dependent, so that it
 * can be asked for again: Open Liberty leaves the field null if the unit cannot start.
 */
@Dependent
public class DefaultUnit {
  /** A container's entity manager is safe for all threads and joins each one's transaction. */
  @PersistenceContext private EntityManager entities;

  /** For the container. */
  public DefaultUnit() {}

  EntityManager entityManager() {
    return entities;
  }
}
