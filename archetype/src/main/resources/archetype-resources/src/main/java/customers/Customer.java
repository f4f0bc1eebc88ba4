package ${package}.customers;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** A row for each key of the topic customers. */
@Entity
public class Customer {
  @Id private String id;
  private String name;

  public String getId() {
    return id;
  }

  public String getName() {
    return name;
  }
}
