package io.drivetrain.connector.internal.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The headers that make a record a dead letter: where it came from and why it was given up. The
 * first seven are those of SmallRye's connector. A record's own headers stay in front of them, also
 * those of an earlier death.
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

  private static String message(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private static void add(Headers headers, String name, String text) {
    headers.add(name, cut(text));
  }

  /** As UTF-8, shortened without cutting a character in two. */
  private static byte[] cut(String text) {
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
