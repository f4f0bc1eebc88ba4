package io.drivetrain.hibernate;

import io.drivetrain.entitysync.Published;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** Published, and no entity listener hears it. */
@Entity
@Published(
    topic = "unheard",
    watch = {"name", "money"})
public class Unheard {
  /** A value that only Hibernate can compare. */
  public static final class Money {
    final int cents;

    Money(int cents) {
      this.cents = cents;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Money money && money.cents == cents;
    }

    @Override
    public int hashCode() {
      return cents;
    }

    /** For the payload. */
    public int getCents() {
      return cents;
    }
  }

  /** Money as a number. */
  public static class MoneyConverter implements AttributeConverter<Money, Integer> {
    @Override
    public Integer convertToDatabaseColumn(Money money) {
      return money == null ? null : money.cents;
    }

    @Override
    public Money convertToEntityAttribute(Integer cents) {
      return cents == null ? null : new Money(cents);
    }
  }

  @Id long id;
  String name;
  String note;

  @Convert(converter = MoneyConverter.class)
  Money money;

  Unheard() {}

  Unheard(long id, String name) {
    this.id = id;
    this.name = name;
    this.money = new Money(5);
  }
}
