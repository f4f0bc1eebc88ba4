package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;

/** Refers to an account and is keyed by it. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(
    topic = "purchases",
    key = "account",
    watch = {"account", "item"})
public class Purchase {
  @Id public int id;
  public String item;
  public String note;

  @ManyToOne(fetch = FetchType.LAZY)
  public Account account;

  protected Purchase() {}

  public Purchase(int id, String item, Account account) {
    this.id = id;
    this.item = item;
    this.account = account;
  }

  public void setItem(String item) {
    this.item = item;
  }

  public void setAccount(Account account) {
    this.account = account;
  }

  public void setNote(String note) {
    this.note = note;
  }
}
