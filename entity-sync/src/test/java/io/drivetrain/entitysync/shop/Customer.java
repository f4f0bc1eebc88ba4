package io.drivetrain.entitysync.shop;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.math.BigDecimal;
import java.time.Instant;

/** Six plain columns; what the benchmark writes. */
@Entity
public class Customer {
  @Id public Long id;

  @Column(length = 200)
  public String name;

  public String city;
  public Integer visits;

  @Column(precision = 12, scale = 2)
  public BigDecimal balance;

  public Instant seen;

  public Customer() {}
}
