package io.drivetrain.sample.stock;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** Remembers that an order's items are reserved, so that its event counts once. */
@Entity
public class Reservation {

  @Id
  @Column(name = "order_id")
  private long orderId;

  private String item;
  private int quantity;

  /** For JPA. */
  protected Reservation() {}

  Reservation(long orderId, String item, int quantity) {
    this.orderId = orderId;
    this.item = item;
    this.quantity = quantity;
  }

  /** The order it is for. */
  public long orderId() {
    return orderId;
  }

  /** What is reserved. */
  public String item() {
    return item;
  }

  /** How many. */
  public int quantity() {
    return quantity;
  }
}
