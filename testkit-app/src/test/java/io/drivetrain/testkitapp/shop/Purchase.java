package io.drivetrain.testkitapp.shop;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;

/** Published with every change. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(topic = "purchases")
public class Purchase {
  @Id Long id;
  String item;

  protected Purchase() {}

  public Purchase(long id, String item) {
    this.id = id;
    this.item = item;
  }

  public void setItem(String item) {
    this.item = item;
  }
}
