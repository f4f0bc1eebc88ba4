package io.drivetrain.testkitapp.shop;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** Kept equal to a topic. */
@Entity
public class Customer {
  @Id String id;
  String name;
  int points;

  public String name() {
    return name;
  }

  public int points() {
    return points;
  }
}
