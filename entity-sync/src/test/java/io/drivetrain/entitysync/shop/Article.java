package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import java.util.UUID;

/** Published and consumed; has constraints. */
@Entity
@Published(topic = "articles")
public class Article extends Catalogued<UUID> {
  @Column(length = 10, unique = true)
  public String title;

  public Integer pages;

  protected Article() {}

  public Article(UUID code, String title, Integer pages) {
    this.code = code;
    this.title = title;
    this.pages = pages;
  }

  public void setTitle(String title) {
    this.title = title;
  }

  public String getTitle() {
    return title;
  }
}
