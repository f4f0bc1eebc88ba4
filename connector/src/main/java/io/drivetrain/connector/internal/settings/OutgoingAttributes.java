package io.drivetrain.connector.internal.settings;

import java.util.List;

/** Every attribute of an outgoing channel that means something to the connector. */
public final class OutgoingAttributes {
  static final Attribute TOPIC =
      new Attribute(
          "topic",
          "text",
          "the channel's name",
          "orders",
          "the topic of what does not name its own, as a ProducerRecord does");
  static final Attribute KEY = new Attribute("key", "text", "", "all", "the key of plain payloads");
  static final Attribute PARTITION =
      new Attribute(
          "partition",
          "number or -1",
          "-1",
          "3",
          "the partition of plain payloads; -1 leaves it to the key");
  static final Attribute PROPAGATE_RECORD_KEY =
      new Attribute(
          "propagate-record-key",
          "true or false",
          "false",
          "true",
          "whether plain payloads get the key of the record being processed; where that has none, key"
              + " counts");
  static final Attribute PROPAGATE_HEADERS =
      new Attribute(
          "propagate-headers",
          "list",
          "",
          "tenant,traceparent",
          "which headers of the record being processed plain payloads get, separated by commas");
  static final Attribute PARTITIONER =
      new Attribute(
          "partitioner",
          "default, consistent, consistent_random, murmur2, murmur2_random, fnv1a or fnv1a_random",
          "default",
          "consistent_random",
          "the partition of a key: as Kafka's Java producer says, or as librdkafka does under that"
              + " name; not with partitioner.class");
  static final Attribute BOOTSTRAP_SERVERS = IncomingAttributes.BOOTSTRAP_SERVERS;
  static final Attribute CLOSE_TIMEOUT =
      new Attribute(
          "close-timeout", "duration", "10s", "25s", "how long a stop waits for sends in flight");
  static final Attribute ACKS =
      new Attribute("acks", "all, 1 or 0", "all", "1", "when a record counts as sent");
  static final Attribute LINGER =
      new Attribute(
          "linger.ms",
          "milliseconds",
          "0",
          "20",
          "how long a send waits for company in its request");
  static final Attribute KEY_SERIALIZER =
      new Attribute(
          "key.serializer",
          "class",
          "",
          "org.apache.kafka.common.serialization.UUIDSerializer",
          "encodes keys instead of the rules of this page");
  static final Attribute VALUE_SERIALIZER =
      new Attribute(
          "value.serializer",
          "class",
          "",
          "org.apache.kafka.common.serialization.DoubleSerializer",
          "encodes values instead of the topic's codec");

  /** In the order of the documentation. */
  public static final List<Attribute> ALL =
      List.of(
          TOPIC,
          KEY,
          PARTITION,
          PROPAGATE_RECORD_KEY,
          PROPAGATE_HEADERS,
          PARTITIONER,
          BOOTSTRAP_SERVERS,
          CLOSE_TIMEOUT,
          ACKS,
          LINGER,
          KEY_SERIALIZER,
          VALUE_SERIALIZER);

  private OutgoingAttributes() {}
}
