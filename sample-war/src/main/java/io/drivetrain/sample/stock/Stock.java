package io.drivetrain.sample.stock;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.math.BigDecimal;

/** What the shop sells, what it costs and how many are left. */
@Entity
public class Stock {

  @Id private String item;

  @Column(precision = 12, scale = 2)
  private BigDecimal price;

  private int available;
  private int reserved;

  /** For JPA. */
  protected Stock() {}

  /** What it is. */
  public String item() {
    return item;
  }

  /** What one costs. */
  public BigDecimal price() {
    return price;
  }

  /** How many nobody has ordered yet; below zero are to be bought in. */
  public int available() {
    return available;
  }

  /** How many are kept for orders. */
  public int reserved() {
    return reserved;
  }

  void reserve(int quantity) {
    available -= quantity;
    reserved += quantity;
  }
}
