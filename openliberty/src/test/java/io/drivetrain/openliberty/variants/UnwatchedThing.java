package io.drivetrain.openliberty.variants;

import io.drivetrain.entitysync.Published;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** A published entity without its listener. */
@Entity
@Published(topic = "things")
public class UnwatchedThing {
  @Id private long id;

  /** Its key. */
  public long id() {
    return id;
  }
}
