package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import java.util.Objects;

/** Has an id of two parts in an object of its own. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(topic = "seats")
public class Seat {
  /** The id. */
  @Embeddable
  public static class SeatId {
    public String hall;
    public int place;

    protected SeatId() {}

    public SeatId(String hall, int place) {
      this.hall = hall;
      this.place = place;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof SeatId id && id.hall.equals(hall) && id.place == place;
    }

    @Override
    public int hashCode() {
      return Objects.hash(hall, place);
    }
  }

  @EmbeddedId public SeatId id;
  public String comfort;

  protected Seat() {}

  public Seat(String hall, int place, String comfort) {
    this.id = new SeatId(hall, place);
    this.comfort = comfort;
  }

  public void setComfort(String comfort) {
    this.comfort = comfort;
  }
}
