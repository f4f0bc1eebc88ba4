package io.drivetrain.connector.internal.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The headers that make a record a dead letter: where it came from and why it was given up. Some
 * are those of SmallRye's connector. A record's own headers stay in front of them, also those that
 * made it a dead letter before, when a channel reads the dead letters of another: a replay takes
 * the last ones away only.
 */
final class DeadLetterHeaders {
  static final String REASON = "dead-letter-reason";
  static final String CAUSE = "dead-letter-cause";
  static final String EXCEPTION_CLASS = "dead-letter-exception-class-name";
  static final String CAUSE_CLASS = "dead-letter-cause-class-name";
  static final String TOPIC = "dead-letter-topic";
  static final String PARTITION = "dead-letter-partition";
  static final String OFFSET = "dead-letter-offset";
  static final String TIMESTAMP = "dead-letter-timestamp";
  static final String ATTEMPTS = "dead-letter-attempts";
  static final String CHANNEL = "dead-letter-channel";
  static final String GROUP = "dead-letter-group";

  /** How often it was replayed; added by a replay, and kept when the record dies again. */
  static final String REPLAYS = "dead-letter-replays";

  /** Those that one death adds, {@link #TOPIC} as the last. */
  private static final Set<String> OF_ONE_DEATH =
      Set.of(
          REASON,
          EXCEPTION_CLASS,
          CAUSE,
          CAUSE_CLASS,
          CHANNEL,
          GROUP,
          ATTEMPTS,
          TIMESTAMP,
          PARTITION,
          OFFSET,
          TOPIC);

  /** A message may quote a document; the record has to fit into the topic with it. */
  private static final int MOST_BYTES = 4096;

  private DeadLetterHeaders() {}

  /**
   * The headers of a record's dead letter.
   *
   * @param attempts how often it was delivered
   */
  static Headers of(
      ConsumerRecord<?, ?> record, Throwable failure, int attempts, String channel, String group) {
    Headers headers = new RecordHeaders(record.headers());
    add(headers, REASON, message(failure));
    add(headers, EXCEPTION_CLASS, failure.getClass().getName());
    Throwable cause = failure.getCause();
    if (cause != null) {
      add(headers, CAUSE, message(cause));
      add(headers, CAUSE_CLASS, cause.getClass().getName());
    }
    add(headers, CHANNEL, channel);
    add(headers, GROUP, group);
    add(headers, ATTEMPTS, Integer.toString(attempts));
    add(headers, TIMESTAMP, Long.toString(record.timestamp()));
    add(headers, PARTITION, Integer.toString(record.partition()));
    add(headers, OFFSET, Long.toString(record.offset()));
    add(headers, TOPIC, record.topic());
    return headers;
  }

  /** The headers a dead letter had before it died. */
  static Headers before(Headers letter) {
    Header[] all = letter.toArray();
    int death = all.length - 1;
    while (death >= 0 && !all[death].key().equals(TOPIC)) {
      death--;
    }
    int earlier = death - 1;
    while (earlier >= 0 && !all[earlier].key().equals(TOPIC)) {
      earlier--;
    }
    Headers headers = new RecordHeaders();
    for (int i = 0; i < all.length; i++) {
      if (i <= earlier || !OF_ONE_DEATH.contains(all[i].key())) {
        headers.add(all[i]);
      }
    }
    return headers;
  }

  /** The text of the last header of a name. */
  static Optional<String> text(Headers headers, String name) {
    return Optional.ofNullable(headers.lastHeader(name))
        .map(Header::value)
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }

  /** The number in the last header of a name; empty also if it holds none. */
  static OptionalLong number(Headers headers, String name) {
    Optional<String> text = text(headers, name).filter(digits -> digits.matches("\\d{1,18}"));
    return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get())) : OptionalLong.empty();
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private static void add(Headers headers, String name, String text) {
    headers.add(name, bytes(text));
  }

  /** As UTF-8, shortened without cutting a character in two. */
  static byte[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MOST_BYTES) {
      return bytes;
    }
    int end = MOST_BYTES;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}
