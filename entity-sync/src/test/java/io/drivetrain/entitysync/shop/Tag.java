package io.drivetrain.entitysync.shop;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.Locale;

/** Its setter changes what it is given. */
@Entity
public class Tag {
  private int id;
  private String name;

  public Tag() {}

  @Id
  public int getId() {
    return id;
  }

  public void setId(int id) {
    this.id = id;
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name == null ? null : name.toUpperCase(Locale.ROOT);
  }
}
