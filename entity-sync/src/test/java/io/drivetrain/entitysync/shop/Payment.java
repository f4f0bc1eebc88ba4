package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;

/** The parent of a hierarchy in one table. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(topic = "payments")
public class Payment {
  @Id public String id;
  public int cents;

  protected Payment() {}

  public Payment(String id, int cents) {
    this.id = id;
    this.cents = cents;
  }
}
