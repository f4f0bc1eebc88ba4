package io.drivetrain.entitysync.shop;

import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Temporal;
import jakarta.persistence.TemporalType;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.UUID;

/** One attribute of each type. */
@Entity
@EntityListeners(PublishedListener.class)
@Published(topic = "everything")
public class Everything {
  /** Stored by name. */
  public enum Color {
    RED,
    GREEN
  }

  /** Stored by a converter. */
  public record Money(String currency, BigDecimal amount) {}

  /** Money as text. */
  @jakarta.persistence.Converter
  public static class MoneyConverter implements AttributeConverter<Money, String> {
    @Override
    public String convertToDatabaseColumn(Money money) {
      return money == null ? null : money.currency() + " " + money.amount();
    }

    @Override
    public Money convertToEntityAttribute(String text) {
      return text == null
          ? null
          : new Money(text.substring(0, 3), new BigDecimal(text.substring(4)));
    }
  }

  /** Several columns. */
  @Embeddable
  public static class Address {
    public String street;
    public String city;

    protected Address() {}

    public Address(String street, String city) {
      this.street = street;
      this.city = city;
    }
  }

  @Id public UUID id;
  public String text;
  public boolean flag;
  public Boolean maybe;
  public byte tiny;
  public Short small;
  public int number;
  public long big;
  public double real;
  public Float single;

  @Column(precision = 20, scale = 4)
  public BigDecimal amount;

  public Character letter;

  @Enumerated(EnumType.STRING)
  public Color color;

  public byte[] bytes;
  public LocalDate date;
  public LocalTime time;
  public LocalDateTime dateTime;
  public Instant instant;
  public OffsetDateTime offsetDateTime;

  @Temporal(TemporalType.TIMESTAMP)
  public Date oldDate;

  public UUID uuid;

  @Convert(converter = MoneyConverter.class)
  public Money money;

  @Embedded public Address address;
  @Transient public String ignored = "x";
  @Version public int version;

  public Everything() {}

  public void setText(String text) {
    this.text = text;
  }
}
