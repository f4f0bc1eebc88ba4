package io.drivetrain.sample.orders;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;

/**
 * An order as it was taken. Its customer is the record key, so the orders of one customer stay in
 * order and a customer whose billing fails holds up one partition only.
 */
@Entity
@Table(name = "shop_order")
@EntityListeners(PublishedListener.class)
@Published(topic = "orders", key = "customer")
public class ShopOrder {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private Long id;

  private String customer;
  private String item;
  private int quantity;

  @Column(precision = 12, scale = 2)
  private BigDecimal amount;

  /** For JPA. */
  protected ShopOrder() {}

  /** An order that is not stored yet. */
  public ShopOrder(String customer, String item, int quantity, BigDecimal amount) {
    this.customer = customer;
    this.item = item;
    this.quantity = quantity;
    this.amount = amount;
  }

  /** The number the database gave it; null until it is stored. */
  public Long id() {
    return id;
  }

  /** Who ordered. */
  public String customer() {
    return customer;
  }

  /** What was ordered. */
  public String item() {
    return item;
  }

  /** How many. */
  public int quantity() {
    return quantity;
  }

  /** What it costs in all. */
  public BigDecimal amount() {
    return amount;
  }
}
