package io.drivetrain.entitysync.shop;

import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Owns collections and refers to a contact. */
@Entity
public class Author {
  @Id public String id;
  public String name;
  public boolean gone;
  public long version;
  @ManyToOne public Contact contact;

  @OneToMany(mappedBy = "author")
  public List<Book> books = new ArrayList<>();

  @ElementCollection public List<String> prizes = new ArrayList<>();

  @ElementCollection public List<Home> homes = new ArrayList<>();

  /** Where an author lived; without equals, as most embeddables. */
  @Embeddable
  public static class Home {
    public String town;
    public LocalDate since;
    @Embedded public Street street;
  }

  /** An embeddable in an embeddable. */
  @Embeddable
  public static class Street {
    public String name;
    public Integer number;
  }

  public Author() {}

  /** A woven entity hears only of changes that its own methods make. */
  public void leave() {
    gone = true;
  }
}
