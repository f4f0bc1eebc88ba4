package io.drivetrain.servers.goods;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;

/** An item as topic {@code items} has it. */
@Entity
@Table(name = "item_copy")
public class ItemCopy {
  @Id private long id;
  private String name;
  private BigDecimal price;

  /** For JPA. */
  protected ItemCopy() {}
}
