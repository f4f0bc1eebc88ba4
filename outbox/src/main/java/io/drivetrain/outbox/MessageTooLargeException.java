package io.drivetrain.outbox;

/**
 * An event larger than {@code drivetrain.outbox.max-record-bytes}, refused when it is published,
 * because Kafka would refuse it after the transaction has committed.
 */
public class MessageTooLargeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The topic it was for. */
  private final String topic;

  /** Bytes it would take. */
  private final long size;

  /** Bytes it may take. */
  private final long limit;

  /** Sizes in bytes, as Kafka counts them: key, value, headers and what frames them. */
  public MessageTooLargeException(String topic, long size, long limit) {
    super(
        "topic "
            + topic
            + ": an event of "
            + size
            + " bytes is over the limit of "
            + limit
            + " (drivetrain.outbox.max-record-bytes)");
    this.topic = topic;
    this.size = size;
    this.limit = limit;
  }

  /** The topic it was for. */
  public String topic() {
    return topic;
  }

  /** Bytes it would take. */
  public long size() {
    return size;
  }

  /** Bytes it may take. */
  public long limit() {
    return limit;
  }
}
