package io.drivetrain.testkitapp;

import io.drivetrain.testkitapp.internal.PlainValue;
import io.drivetrain.testkitapp.internal.kafka.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;

/** A record in a topic, as a test looks at it. Immutable. */
public final class SentRecord {
  private final StoredRecord record;

  SentRecord(StoredRecord record) {
    this.record = record;
  }

  /** Its topic. */
  public String topic() {
    return record.topic();
  }

  /** Its partition. */
  public int partition() {
    return record.partition();
  }

  /** Its offset. */
  public long offset() {
    return record.offset();
  }

  /** The key as text; null for none. */
  public String key() {
    return text(record.key());
  }

  /** The key's bytes; null for none. */
  public byte[] keyBytes() {
    return record.key() == null ? null : record.key().clone();
  }

  /** Whether it has no value. */
  public boolean isTombstone() {
    return record.value() == null;
  }

  /** The value as text; null for a tombstone. */
  public String text() {
    return text(record.value());
  }

  /** The value's bytes; null for a tombstone. */
  public byte[] bytes() {
    return record.value() == null ? null : record.value().clone();
  }

  /**
   * The value, decoded by the topic's codec: maps, lists, text, numbers where the format has those;
   * null for a tombstone.
   */
  public Object value() {
    return PlainValue.decoded(record.topic(), record.value());
  }

  /** The value, decoded by the topic's codec; null for a tombstone. */
  public <T> T value(Class<T> type) {
    return record.value() == null
        ? null
        : type.cast(
            PlainValue.format(record.topic())
                .values()
                .decode(record.topic(), record.value(), type));
  }

  /** The last header of this name as text. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(record.headers().lastHeader(name)).map(h -> text(h.value()));
  }

  /** The headers as text, in order; of several with one name the last. */
  public Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), text(header.value()));
    }
    return headers;
  }

  /** Its timestamp. */
  public Instant timestamp() {
    return Instant.ofEpochMilli(record.timestamp());
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /** Key, value and headers, for the messages of tests. */
  @Override
  public String toString() {
    return topic()
        + "-"
        + partition()
        + "@"
        + offset()
        + " key "
        + key()
        + (isTombstone() ? ", tombstone" : ", value " + text())
        + (headers().isEmpty() ? "" : ", headers " + headers());
  }
}
