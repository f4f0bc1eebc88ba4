package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Instant;

/** What is measured: the same columns, published and not. */
@MappedSuperclass
public abstract class Offer {
  @Id public long id;
  public String name;
  public String description;
  public BigDecimal price;
  public int stock;
  public Instant changed;
  @Version public long version;

  public void set(long newId, String text) {
    id = newId;
    setName(text);
    description = text;
    price = BigDecimal.TEN;
    changed = Instant.EPOCH;
  }

  public void setName(String name) {
    this.name = name;
  }

  /** Published. */
  @Entity(name = "PublishedOffer")
  @EntityListeners(PublishedListener.class)
  @Published(topic = "offers")
  public static class Loud extends Offer {}

  /** Not published. */
  @Entity(name = "SilentOffer")
  public static class Silent extends Offer {}
}
