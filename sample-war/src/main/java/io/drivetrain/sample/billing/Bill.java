package io.drivetrain.sample.billing;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.math.BigDecimal;

/** A bill; numbers grow in the order in which bills were written. */
@Entity
public class Bill {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private Long number;

  @Column(name = "order_id", unique = true)
  private long orderId;

  private String customer;

  @Column(precision = 12, scale = 2)
  private BigDecimal amount;

  /** For JPA. */
  protected Bill() {}

  Bill(long orderId, String customer, BigDecimal amount) {
    this.orderId = orderId;
    this.customer = customer;
    this.amount = amount;
  }

  /** The number the database gave it. */
  public Long number() {
    return number;
  }

  /** The order it is for. */
  public long orderId() {
    return orderId;
  }

  /** Who pays. */
  public String customer() {
    return customer;
  }

  /** How much. */
  public BigDecimal amount() {
    return amount;
  }
}
