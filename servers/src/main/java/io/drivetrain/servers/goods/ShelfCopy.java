package io.drivetrain.servers.goods;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.LocalDateTime;

/** A shelf as topic {@code shelves} has it. */
@Entity
@Table(name = "shelf_copy")
public class ShelfCopy {
  @Id private long id;
  private String place;
  private LocalDateTime changed;

  /** For JPA. */
  protected ShelfCopy() {}
}
