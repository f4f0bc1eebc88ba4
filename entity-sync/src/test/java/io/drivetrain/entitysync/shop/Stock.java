package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;

/** Changed by many at once, and without a version. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(topic = "stock")
public class Stock {
  @Id private Integer id;
  private String stamp;

  protected Stock() {}

  public Stock(int id, String stamp) {
    this.id = id;
    this.stamp = stamp;
  }

  public String getStamp() {
    return stamp;
  }

  public void setStamp(String stamp) {
    this.stamp = stamp;
  }
}
