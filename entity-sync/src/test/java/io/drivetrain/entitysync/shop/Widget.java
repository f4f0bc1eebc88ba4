package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;

/** Watches some of its attributes. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(
    topic = "widgets",
    watch = {"name", "price"})
public class Widget {
  @Id public Long id;
  public String name;
  public BigDecimal price;
  public String note;
  @Version public long version;

  @ElementCollection(fetch = FetchType.EAGER)
  public Set<String> tags = new HashSet<>();

  protected Widget() {}

  public Widget(long id, String name, String price) {
    this.id = id;
    this.name = name;
    this.price = new BigDecimal(price);
  }

  public void setName(String name) {
    this.name = name;
  }

  public void setNote(String note) {
    this.note = note;
  }

  public Set<String> getTags() {
    return tags;
  }
}
