package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import jakarta.persistence.Entity;

/** A child in its parent's table that goes to another topic. */
@Entity
@Published(topic = "cards", watch = "card")
public class CardPayment extends Payment {
  public String card;

  protected CardPayment() {}

  public CardPayment(String id, int cents, String card) {
    super(id, cents);
    this.card = card;
  }

  public void setCard(String card) {
    this.card = card;
  }
}
