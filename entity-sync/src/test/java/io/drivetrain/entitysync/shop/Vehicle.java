package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;

/** The parent of a joined hierarchy. */
@Entity
@Inheritance(strategy = InheritanceType.JOINED)
@EntityListeners(PublishedListener.class)
@Published(topic = "vehicles")
public class Vehicle {
  @Id public long id;
  public String plate;

  protected Vehicle() {}

  public Vehicle(long id, String plate) {
    this.id = id;
    this.plate = plate;
  }
}
