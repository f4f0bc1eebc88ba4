package io.drivetrain.outbox;

import java.time.Instant;

/** An event being put together; see {@link Outbox#message}. Not thread-safe. */
public interface OutboxMessage {

  /** The record key; default none. */
  OutboxMessage key(Object key);

  /** The value; null or never called is a tombstone. */
  OutboxMessage value(Object value);

  /** Adds a header, UTF-8. */
  OutboxMessage header(String name, String value);

  /** Adds a header. */
  OutboxMessage header(String name, byte[] value);

  /** Sends to this partition instead of the one the key hashes to. */
  OutboxMessage partition(int partition);

  /** The record's timestamp; default is the time of sending to Kafka. */
  OutboxMessage timestamp(Instant timestamp);

  /**
   * Holds the event back until then, by the database's clock; a moment that is past means at once.
   * It takes its place among the events of its key when it is due: behind those that wait then.
   * Events due at the same moment keep the order of their publishing. It is not sent earlier, and
   * usually within {@code drivetrain.outbox.max-poll-interval} after.
   *
   * @param time to the millisecond
   */
  OutboxMessage deliverAt(Instant time);

  /**
   * Publishes the event as part of the running transaction.
   *
   * @throws IllegalStateException if no transaction is active
   * @throws io.drivetrain.schema.CodecException if key or value cannot be encoded
   * @throws MessageTooLargeException if it is over {@code drivetrain.outbox.max-record-bytes}
   * @throws OutboxException if it had to be written at once, late in the commit, and could not
   */
  void publish();
}
