package io.drivetrain.entitysync;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Keeps an older record from overwriting what a newer one wrote. A whole number tells how new a
 * record is; an attribute of the entity keeps that of the last one applied, and table {@code
 * entity_tombstone} that of removed entities. Immutable.
 */
public final class VersionGuard {

  /** Tells how new a record is. */
  @FunctionalInterface
  public interface Version {
    /**
     * The version of a record.
     *
     * @param payload what it carries, null for a tombstone
     * @return empty only for a tombstone: it then removes whatever is there and leaves no trace
     */
    OptionalLong of(ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload);
  }

  private static final VersionGuard NONE =
      new VersionGuard(null, "", (record, payload) -> OptionalLong.empty());

  private final String attribute;
  private final String source;
  private final Version version;

  private VersionGuard(String attribute, String source, Version version) {
    this.attribute = attribute;
    this.source = source;
    this.version = version;
  }

  /** Every record is applied. */
  public static VersionGuard none() {
    return NONE;
  }

  /** By an attribute that payloads carry, a whole number. Tombstones carry none. */
  public static VersionGuard attribute(String name) {
    return new VersionGuard(
        name, "a whole number as " + name, (record, payload) -> number(name, payload));
  }

  /**
   * By the header {@code drivetrain-id}, which grows with each publication of a key and which
   * tombstones have as well.
   *
   * @param attribute keeps it in the entity; a whole number of 64 bits
   */
  public static VersionGuard drivetrainId(String attribute) {
    return new VersionGuard(
        attribute, "a header drivetrain-id", (record, payload) -> header(record));
  }

  /**
   * By what a function says.
   *
   * @param attribute keeps it in the entity; a whole number
   */
  public static VersionGuard of(String attribute, Version version) {
    return new VersionGuard(attribute, "a version", version);
  }

  private static OptionalLong number(String name, Map<String, Object> payload) {
    if (payload == null || payload.get(name) == null) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(new BigDecimal(payload.get(name).toString().trim()).longValueExact());
  }

  private static OptionalLong header(ConsumerRecord<byte[], byte[]> record) {
    Header id = record.headers().lastHeader("drivetrain-id");
    if (id == null) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(new String(id.value(), StandardCharsets.UTF_8)));
  }

  /** The attribute that keeps the version; empty without a guard. */
  public Optional<String> attribute() {
    return Optional.ofNullable(attribute);
  }

  /**
   * The version of a record, see {@link Version}.
   *
   * @throws IllegalArgumentException if it is not there or no whole number
   */
  public OptionalLong of(ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload) {
    OptionalLong found;
    try {
      found = version.of(record, payload);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("the record has no whole number as its version", e);
    }
    if (attribute != null && payload != null && found.isEmpty()) {
      throw new IllegalArgumentException("the record has no version; expected " + source);
    }
    return found;
  }
}
