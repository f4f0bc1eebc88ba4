package io.drivetrain.outbox.internal.drain;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The producer properties that draining needs. Immutable. */
public final class ProducerProperties {

  /**
   * What the promises rest on; nobody can set them. A send that expires would let a later one pass;
   * without idempotence and acks=all the client itself could lose or reorder records.
   *
   * <p>One request in flight, because a broker takes any sequence number from a producer it has no
   * record of: were the first batch of a partition refused with the second on the wire, the second
   * would be stored before it (seen with MESSAGE_TOO_LARGE and a batch that is then split). It
   * costs nothing: what arrives meanwhile makes the next request larger.
   */
  public static final Map<String, Object> FIXED =
      Map.of(
          ProducerConfig.ACKS_CONFIG,
          "all",
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          true,
          ProducerConfig.RETRIES_CONFIG,
          Integer.MAX_VALUE,
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
          Integer.MAX_VALUE,
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
          1,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class.getName(),
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class.getName());

  private ProducerProperties() {}

  /**
   * What is best unless set otherwise.
   *
   * @param maxRequestSize the largest request, in bytes
   */
  public static Map<String, Object> defaults(int maxRequestSize) {
    return Map.of(
        // An unknown topic may hold up only its own rows, and not for a minute.
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        5_000,
        // A batch is sent as a whole; waiting for more would only add latency.
        ProducerConfig.LINGER_MS_CONFIG,
        0,
        // With one request in flight a partition's throughput is this much per round trip.
        ProducerConfig.BATCH_SIZE_CONFIG,
        256 << 10,
        ProducerConfig.COMPRESSION_TYPE_CONFIG,
        "lz4",
        ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
        5_000,
        // So that a partition added to a topic is known soon.
        ProducerConfig.METADATA_MAX_AGE_CONFIG,
        30_000,
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        maxRequestSize,
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        Math.max(64L << 20, 4L * maxRequestSize));
  }
}
