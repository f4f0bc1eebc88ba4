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
          TOPIC, BOOTSTRAP_SERVERS, CLOSE_TIMEOUT, ACKS, LINGER, KEY_SERIALIZER, VALUE_SERIALIZER);

  private OutgoingAttributes() {}
}
