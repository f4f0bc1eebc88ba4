package io.drivetrain.entitysync.shop;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Keyed by another attribute than its id, which the database makes; plainly mapped. */
@Entity
@Table(name = "contact")
public class Contact {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public Long id;

  @Column(nullable = false, unique = true)
  public String email;

  @Column(name = "full_name", length = 20)
  public String name;

  public int visits = 7;
  public Boolean active;
  public Long seen;

  @Column(updatable = false)
  public String origin;

  public Contact() {}
}
