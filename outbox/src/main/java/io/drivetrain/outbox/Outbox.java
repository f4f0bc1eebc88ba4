package io.drivetrain.outbox;

/**
 * Publishes events that leave for Kafka if and only if the running JTA transaction commits: at
 * least once, per key in commit order. Inject it. Thread-safe; each transaction has a buffer of its
 * own, written as one insert just before the commit.
 *
 * <p>Keys are text, numbers, UUIDs or {@code byte[]}, or what the topic's format says; values are
 * encoded at the call by it ({@code drivetrain.topics.<topic>.*}, {@code json} unless set), so a
 * value that cannot be encoded is refused in the caller's transaction. A {@code byte[]} is taken as
 * it is.
 *
 * <p>Every record carries the header {@code drivetrain-id}, a decimal number that grows with each
 * event of a key, by which a consumer can tell a repetition.
 */
public interface Outbox {

  /**
   * Publishes one event.
   *
   * @param key null for no key, and then no order, or for one that the topic's format takes from
   *     the value
   * @param value null for a tombstone
   * @throws IllegalStateException if no transaction is active
   * @throws io.drivetrain.schema.CodecException if key or value cannot be encoded
   * @throws MessageTooLargeException if it is over {@code drivetrain.outbox.max-record-bytes}
   * @throws OutboxException if it had to be written at once, late in the commit, and could not
   */
  void publish(String topic, Object key, Object value);

  /**
   * Starts an event with headers, an explicit partition or a timestamp; nothing happens until
   * {@link OutboxMessage#publish}.
   */
  OutboxMessage message(String topic);
}
