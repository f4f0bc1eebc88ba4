package ${package}.orders;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;
import java.util.UUID;

/** Its changes go to the topic orders in the transaction that makes them, in order per customer. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(topic = "orders", key = "customer")
public class ShopOrder {
  @Id private String id = UUID.randomUUID().toString();
  private String customer;
  private String item;
  private int price;

  protected ShopOrder() {}

  public ShopOrder(String customer, String item, int price) {
    this.customer = customer;
    this.item = item;
    this.price = price;
  }

  public String id() {
    return id;
  }
}
