package io.drivetrain.servers.goods;

import io.drivetrain.entitysync.Published;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.math.BigDecimal;

/**
 * Published, and listened to by what the server's WAR has for it: a default listener, or
 * Hibernate's own events.
 */
@Entity
@Published(topic = "items")
public class Item {
  @Id private long id;
  private String name;
  private BigDecimal price;

  /** For JPA. */
  protected Item() {}

  Item(long id) {
    this.id = id;
  }

  void describe(String newName, BigDecimal newPrice) {
    name = newName;
    price = newPrice;
  }
}
