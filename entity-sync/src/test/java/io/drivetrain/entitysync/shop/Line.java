package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.ManyToOne;
import java.util.Objects;

/** Has an id of two attributes, one of which is another entity. */
@Entity
@IdClass(Line.LineId.class)
@EntityListeners(PublishedListener.class)
@Published(topic = "lines")
public class Line {
  /** The id. */
  public static class LineId {
    public int purchase;
    public int position;

    public LineId() {}

    public LineId(int purchase, int position) {
      this.purchase = purchase;
      this.position = position;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof LineId id && id.purchase == purchase && id.position == position;
    }

    @Override
    public int hashCode() {
      return Objects.hash(purchase, position);
    }
  }

  @Id @ManyToOne public Purchase purchase;
  @Id public int position;
  public int amount;

  protected Line() {}

  public Line(Purchase purchase, int position, int amount) {
    this.purchase = purchase;
    this.position = position;
    this.amount = amount;
  }

  public void setAmount(int amount) {
    this.amount = amount;
  }
}
