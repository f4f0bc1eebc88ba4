package io.drivetrain.entitysync.shop;

import jakarta.persistence.Entity;

/** A joined child. */
@Entity
public class Car extends Vehicle {
  public int doors;

  protected Car() {}

  public Car(long id, String plate, int doors) {
    super(id, plate);
    this.doors = doors;
  }

  public void setDoors(int doors) {
    this.doors = doors;
  }
}
