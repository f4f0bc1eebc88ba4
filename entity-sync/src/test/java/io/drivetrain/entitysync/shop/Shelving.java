package io.drivetrain.entitysync.shop;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import java.io.Serializable;
import java.time.OffsetDateTime;
import java.util.Objects;

/** Has a compound id; plainly mapped. */
@Entity
public class Shelving {
  /** Where what is. */
  @Embeddable
  public static class Place implements Serializable {
    private static final long serialVersionUID = 1L;
    public String store;
    public int shelf;

    public Place() {}

    @Override
    public boolean equals(Object other) {
      return other instanceof Place p && p.shelf == shelf && Objects.equals(p.store, store);
    }

    @Override
    public int hashCode() {
      return Objects.hash(store, shelf);
    }
  }

  @EmbeddedId public Place place;
  public int amount;

  @Column(columnDefinition = "timestamp with time zone")
  public OffsetDateTime counted;

  public long version;

  public Shelving() {}
}
