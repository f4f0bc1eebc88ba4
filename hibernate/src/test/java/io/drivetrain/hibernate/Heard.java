package io.drivetrain.hibernate;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;

/** Heard by both. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(topic = "heard", key = "code")
public class Heard {
  @Id long id;
  String code;

  Heard() {}

  Heard(long id, String code) {
    this.id = id;
    this.code = code;
  }
}
