package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;

/** Brings the listener and a generic id to its subclasses. */
@MappedSuperclass
@EntityListeners(PublishedListener.class)
public abstract class Catalogued<K> {
  @Id public K code;
}
