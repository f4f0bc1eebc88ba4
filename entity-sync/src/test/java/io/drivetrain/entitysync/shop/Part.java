package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.Published.Change;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;

/** Feeds two topics. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(
    topic = "parts",
    attributes = {"id", "name"})
@Published(
    topic = "stock",
    key = "shelf",
    watch = "stock",
    on = {Change.CREATE, Change.UPDATE})
public class Part {
  @Id public String id;
  public String name;
  public String shelf;
  public int stock;

  protected Part() {}

  public Part(String id, String name, String shelf, int stock) {
    this.id = id;
    this.name = name;
    this.shelf = shelf;
    this.stock = stock;
  }

  public void setName(String name) {
    this.name = name;
  }

  public void setStock(int stock) {
    this.stock = stock;
  }
}
