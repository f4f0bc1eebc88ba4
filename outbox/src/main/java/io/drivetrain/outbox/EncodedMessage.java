package io.drivetrain.outbox;

import java.util.List;

/**
 * An event as the outbox table and Kafka hold it. The arrays are not copied and must not change.
 *
 * @param topic the topic
 * @param key null for none
 * @param value null for a tombstone
 * @param headers in order
 * @param partition null for the one the key hashes to
 * @param timestamp milliseconds since the epoch, null for the time of sending
 * @param deliverAt when it joins the events that wait, in milliseconds since the epoch; null for at
 *     once
 */
public record EncodedMessage(
    String topic,
    byte[] key,
    byte[] value,
    List<Header> headers,
    Integer partition,
    Long timestamp,
    Long deliverAt) {

  /** One record header. */
  public record Header(String name, byte[] value) {}

  /** To be delivered at once. */
  public EncodedMessage(
      String topic,
      byte[] key,
      byte[] value,
      List<Header> headers,
      Integer partition,
      Long timestamp) {
    this(topic, key, value, headers, partition, timestamp, null);
  }

  /** Copies the list of headers. */
  public EncodedMessage {
    headers = List.copyOf(headers);
  }
}
