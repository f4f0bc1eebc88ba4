package io.drivetrain.testkitapp;

import io.drivetrain.testkit.Eventually;
import io.drivetrain.testkitapp.internal.PlainValue;
import io.drivetrain.testkitapp.internal.kafka.StoredRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What the application sent to a topic: by an outgoing channel, an emitter, a sender, or in
 * transactions that have committed. A view: what is sent later is seen too. Thread-safe.
 *
 * <p>A value that is expected may be of any class: it is encoded by the topic's codec and compared
 * by what it says. Text is compared as the topic's format as well, so {@code {"a": 1}} is equal to
 * {@code {"a":1}}; null is a tombstone. A key is compared by its bytes.
 */
public final class SentRecords {
  /** How long a record is waited for that another thread may still send. */
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final String topic;
  private final Supplier<List<StoredRecord>> records;
  private final Duration bound;

  SentRecords(String topic, Supplier<List<StoredRecord>> records) {
    this(topic, records, BOUND);
  }

  private SentRecords(String topic, Supplier<List<StoredRecord>> records, Duration bound) {
    this.topic = topic;
    this.records = records;
    this.bound = bound;
  }

  /** The same, with another time to wait for a record; 30 s unless said. */
  public SentRecords within(Duration newBound) {
    return new SentRecords(topic, records, newBound);
  }

  /** The records as they stand, by partition and offset. */
  public List<SentRecord> all() {
    return records.get().stream().map(SentRecord::new).toList();
  }

  /** How many there are. */
  public int count() {
    return records.get().size();
  }

  /** A record with this value is among them; key and headers may be anything. */
  public SentRecord containing(Object value) {
    return find("value " + words(value), has(value));
  }

  /** A record with this key and value is among them. */
  public SentRecord containing(Object key, Object value) {
    return find("key " + key + " and value " + words(value), hasKey(key).and(has(value)));
  }

  /**
   * A record with this key is among them whose value has at least what is expected: its maps may
   * have more keys.
   */
  public SentRecord including(Object key, Object part) {
    Object expected = PlainValue.expected(topic, part);
    return find(
        "key " + key + " and at least " + words(part),
        hasKey(key).and(record -> PlainValue.includes(record.value(), expected)));
  }

  /** A tombstone of this key is among them. */
  public SentRecord tombstone(Object key) {
    return find("key " + key + " and no value", hasKey(key).and(SentRecord::isTombstone));
  }

  /** A record is among them that a test describes in words. */
  public SentRecord matching(String words, Predicate<SentRecord> test) {
    return find(words, test);
  }

  /** No record with this value is among them, as they stand. */
  public void notContaining(Object value) {
    Predicate<SentRecord> unwanted = has(value);
    all().stream()
        .filter(unwanted)
        .findFirst()
        .ifPresent(
            found -> {
              throw new AssertionError("sent to " + topic + " and should not be: " + found);
            });
  }

  /** Nothing was sent, as it stands. */
  public void none() {
    if (count() > 0) {
      throw new AssertionError("nothing should be sent to " + topic + ", but" + listed());
    }
  }

  private Predicate<SentRecord> has(Object value) {
    Object expected = PlainValue.expected(topic, value);
    return record -> Objects.equals(record.value(), expected);
  }

  private Predicate<SentRecord> hasKey(Object key) {
    byte[] expected = PlainValue.format(topic).key(key, null);
    return record -> Arrays.equals(record.keyBytes(), expected);
  }

  private SentRecord find(String words, Predicate<SentRecord> test) {
    SentRecord[] found = new SentRecord[1];
    Eventually.eventually(
        bound,
        () ->
            found[0] =
                all().stream()
                    .filter(test)
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new AssertionError(
                                "no record with " + words + " was sent to " + topic + listed())));
    return found[0];
  }

  private String listed() {
    List<SentRecord> all = all();
    return all.isEmpty()
        ? "; nothing was"
        : all.stream()
            .map(record -> "\n  " + record)
            .collect(Collectors.joining("", "; there are:", ""));
  }

  private static String words(Object value) {
    return value instanceof byte[] bytes ? bytes.length + " bytes" : String.valueOf(value);
  }
}
