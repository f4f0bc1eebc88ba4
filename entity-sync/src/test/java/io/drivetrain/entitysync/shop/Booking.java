package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.EntityPublisher;
import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.Published.Change;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import java.util.Map;

/** Published by a publisher of its own, once more as it is, with the guest inside. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(topic = "bookings", key = "id", publisher = Booking.Desk.class)
@Published(
    topic = "invoices",
    key = {"hall", "id"},
    attributes = {"id", "guest", "seat"},
    embed = "guest")
public class Booking {

  /** Decides about the topic bookings. */
  public static class Desk implements EntityPublisher<Booking> {
    @Override
    public boolean publishes(Booking booking, Change change) {
      return !"draft".equals(booking.state);
    }

    @Override
    public Object key(Object key) {
      return "B" + key;
    }

    @Override
    public Object payload(Booking booking, Map<String, Object> attributes) {
      if ("broken".equals(booking.state)) {
        throw new IllegalArgumentException("no such state");
      }
      if ("invalid".equals(booking.state)) {
        attributes.put("thread", Thread.currentThread());
        attributes.put("loader", Booking.class.getClassLoader());
      }
      if ("cancelled".equals(booking.state)) {
        return null;
      }
      attributes.remove("hall");
      attributes.put("where", booking.hall);
      return attributes;
    }

    @Override
    public Map<String, String> headers(Booking booking, Change change) {
      return Map.of("change", change.name());
    }

    @Override
    public Object deletionEvent(Booking booking) {
      return Map.of("id", booking.id, "deleted", true);
    }

    @Override
    public Object deletionPayload(Booking booking) {
      return "kept".equals(booking.state) ? Map.of("gone", true) : null;
    }
  }

  @Id public int id;
  public String hall;
  public String state;

  @ManyToOne(fetch = FetchType.LAZY)
  public Account guest;

  @ManyToOne(fetch = FetchType.LAZY)
  @JoinColumn(name = "seat_hall", referencedColumnName = "hall")
  @JoinColumn(name = "seat_place", referencedColumnName = "place")
  public Seat seat;

  protected Booking() {}

  public Booking(int id, String hall, String state) {
    this.id = id;
    this.hall = hall;
    this.state = state;
  }

  public void setState(String state) {
    this.state = state;
  }
}
