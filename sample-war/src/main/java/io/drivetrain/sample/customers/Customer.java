package io.drivetrain.sample.customers;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** A customer as topic {@code customers} last described them; nobody else writes this table. */
@Entity
public class Customer {

  @Id private String id;
  private String name;
  private String city;

  /** For JPA. */
  protected Customer() {}

  /** The record key. */
  public String id() {
    return id;
  }

  /** The full name. */
  public String name() {
    return name;
  }

  /** Where they live. */
  public String city() {
    return city;
  }
}
