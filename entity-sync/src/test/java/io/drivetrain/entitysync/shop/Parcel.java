package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.EntityPublisher;
import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Map;

/** Changed by other programs, which leave a time and a state. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(topic = "parcels", publisher = Parcel.Office.class)
public class Parcel {
  /** What becomes of it. */
  public enum State {
    NEW,
    SENT,
    BROKEN
  }

  /** Refuses one. */
  public static class Office implements EntityPublisher<Parcel> {
    @Override
    public Object payload(Parcel parcel, Map<String, Object> attributes) {
      if ("invalid".equals(parcel.name)) {
        attributes.put("name", Thread.currentThread());
      }
      return attributes;
    }
  }

  @Id public long id;
  public String name;
  public LocalDateTime changed;

  @Enumerated(EnumType.STRING)
  public State state;

  public OffsetDateTime told;

  protected Parcel() {}

  public Parcel(long id, String name) {
    this.id = id;
    this.name = name;
  }

  public void setName(String name) {
    this.name = name;
  }
}
