package io.drivetrain.tests.sync;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;
import java.math.BigDecimal;
import java.time.Instant;

/** Published where it is changed, consumed elsewhere. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(topic = "items")
class Item {
  @Id int id;

  @Column(length = 20)
  String name;

  Integer amount;

  @Column(precision = 12, scale = 2)
  BigDecimal price;

  boolean flag;
  Instant changed;

  protected Item() {}

  Item(int id) {
    this.id = id;
  }
}
