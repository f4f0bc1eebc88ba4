package io.drivetrain.servers.goods;

import io.drivetrain.entitysync.Published;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.LocalDateTime;

/** Written by another program; a poller publishes it. */
@Entity
@Published(topic = "shelves")
public class Shelf {
  @Id private long id;
  private String place;
  private LocalDateTime changed;

  /** For JPA. */
  protected Shelf() {}
}
