package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;

/** Keyed by another attribute than its id; property access. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(topic = "accounts", key = "email")
public class Account {
  private long id;
  private String email;

  protected Account() {}

  public Account(long id, String email) {
    this.id = id;
    this.email = email;
  }

  @Id
  public long getId() {
    return id;
  }

  public void setId(long id) {
    this.id = id;
  }

  public String getEmail() {
    return email;
  }

  public void setEmail(String email) {
    this.email = email;
  }
}
