package io.drivetrain.entitysync.shop;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;

/** Belongs to an author. */
@Entity
public class Book {
  @Id public Integer isbn;
  public String title;
  @ManyToOne public Author author;

  public Book() {}
}
