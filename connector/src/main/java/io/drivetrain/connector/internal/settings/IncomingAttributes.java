package io.drivetrain.connector.internal.settings;

import java.util.List;

/** Every attribute of an incoming channel that means something to the connector. */
public final class IncomingAttributes {
  static final Attribute TOPIC =
      new Attribute("topic", "text", "the channel's name", "orders", "the topic to read");
  static final Attribute TOPICS =
      new Attribute(
          "topics", "list", "", "orders,refunds", "the topics to read, separated by commas");
  static final Attribute PATTERN =
      new Attribute(
          "pattern",
          "regular expression",
          "",
          "orders-.*",
          "reads every topic whose whole name matches; true makes topic such an expression");
  static final Attribute BOOTSTRAP_SERVERS =
      new Attribute(
          "bootstrap.servers",
          "list of host:port",
          "kafka.bootstrap.servers",
          "kafka-1:9092,kafka-2:9092",
          "the brokers to ask first");
  static final Attribute GROUP_ID =
      new Attribute(
          "group.id",
          "text",
          "`kafka.group.id`, else `<application>-<channel>`",
          "shop-billing",
          "the consumer group");
  static final Attribute CLIENT_ID =
      new Attribute(
          "client.id",
          "text",
          "`<application>-<channel>`, numbered if taken",
          "shop-orders",
          "names the client in Kafka's logs, quotas and JMX metrics");
  static final Attribute CLIENT_ID_PREFIX =
      new Attribute(
          "client-id-prefix",
          "text",
          "",
          "shop-",
          "stands before client.id, or before the channel's name if that is not set");
  static final Attribute KAFKA_CONFIGURATION =
      new Attribute(
          "kafka-configuration",
          "name",
          "",
          "shared",
          "more settings: the bean of type `Map<String, Object>` with this @Identifier or @Named;"
              + " the channel's own keys win");
  static final Attribute FAILURE_STRATEGY =
      new Attribute(
          "failure-strategy",
          "pause, dead-letter-queue, ignore or fail",
          "pause",
          "dead-letter-queue",
          "what becomes of a record that fails: its partition pauses and it comes again, in order;"
              + " or, after `max-attempts`, it goes to the dead-letter topic, is skipped, or ends"
              + " the channel");
  static final Attribute MAX_ATTEMPTS =
      new Attribute(
          "max-attempts",
          "deliveries, or -1",
          "1",
          "5",
          "how often a record may fail before a strategy other than pause takes over; the partition"
              + " pauses in between; -1 means any number of times");
  static final Attribute RETRY_ON =
      new Attribute(
          "retry-on",
          "list of exception classes",
          "",
          "java.io.IOException",
          "failures that never make the strategy take over: the partition pauses and the record"
              + " comes again");
  static final Attribute DEAD_LETTER_ON =
      new Attribute(
          "dead-letter-on",
          "list of exception classes",
          "",
          "java.lang.IllegalArgumentException",
          "failures that go to the dead-letter topic at once, however many attempts are left");
  static final Attribute DEAD_LETTER_TOPIC =
      new Attribute(
          "dead-letter-queue.topic",
          "text",
          "dead-letter-topic-<channel>",
          "orders-dead",
          "the dead-letter topic");
  static final Attribute PAUSE_TIMEOUT =
      new Attribute(
          "pause-timeout",
          "duration, 0 or -1",
          "10s",
          "30s",
          "how long a partition pauses after a failure; 0 redelivers at once, -1 waits until"
              + " somebody resumes it, it moves to another node, or the application restarts");
  static final Attribute PAUSE_WITH_EXPONENTIAL_BACKOFF =
      new Attribute(
          "pause-with-exponential-backoff",
          "true or false",
          "false",
          "true",
          "whether each further pause of a record is twice the one before");
  static final Attribute MAX_PAUSE_TIMEOUT =
      new Attribute(
          "max-pause-timeout",
          "duration",
          "5m",
          "15m",
          "the longest pause with exponential back-off");
  static final Attribute ORDERING =
      new Attribute(
          "ordering",
          "partition or key",
          "partition",
          "key",
          "what is kept in order, and so what waits behind a record that fails: its partition, or"
              + " the records of its partition with the same key");
  static final Attribute EXACTLY_ONCE =
      new Attribute(
          "exactly-once",
          "true or false",
          "false",
          "true",
          "whether the database says where a partition goes on, written in the transaction of the"
              + " records' effects; for entity consumers and methods that use an Inbox, not with"
              + " ordering=key");
  static final Attribute BATCH =
      new Attribute(
          "batch",
          "true or false",
          "as the method",
          "true",
          "whether the method takes batches; its parameter decides, and anything else here is an"
              + " error");
  static final Attribute BATCH_SIZE =
      new Attribute("batch-size", "records", "500", "2000", "the most records in one batch");
  static final Attribute BATCH_BYTES =
      new Attribute(
          "batch-bytes",
          "bytes",
          "0",
          "1048576",
          "the most bytes of keys and values in one batch, 0 for no limit; a larger record comes"
              + " alone");
  static final Attribute BATCH_WAIT =
      new Attribute(
          "batch-wait",
          "duration",
          "0",
          "250ms",
          "how long an incomplete batch waits for more records");
  static final Attribute QUEUE_RECORDS =
      new Attribute(
          "queue-records",
          "records",
          "20000",
          "5000",
          "from how many records of a partition in memory on it is not fetched");
  static final Attribute QUEUE_BYTES =
      new Attribute(
          "queue-bytes",
          "bytes",
          "16777216",
          "67108864",
          "from how many bytes of keys and values of a partition in memory on it is not fetched");
  static final Attribute PROCESSING_TIMEOUT =
      new Attribute(
          "processing-timeout",
          "duration",
          "0",
          "5m",
          "a delivery in flight for longer takes liveness down until it is over; 0 is no limit");
  static final Attribute PROCESSING_TIMEOUT_ACTION =
      new Attribute(
          "processing-timeout-action",
          "report or interrupt",
          "report",
          "interrupt",
          "whether the thread of a delivery in flight for too long is interrupted as well, once");
  static final Attribute REVOKE_TIMEOUT =
      new Attribute(
          "revoke-timeout",
          "duration",
          "20s",
          "1m",
          "how long a rebalance waits for records in flight; at most 80 % of"
              + " max.poll.interval.ms");
  static final Attribute CLOSE_TIMEOUT =
      new Attribute(
          "close-timeout", "duration", "10s", "25s", "how long a stop waits for records in flight");
  static final Attribute HEALTH_ENABLED =
      new Attribute(
          "health-enabled",
          "true or false",
          "true",
          "false",
          "whether the channel is in the health checks");
  static final Attribute HEALTH_READINESS_ENABLED =
      new Attribute(
          "health-readiness-enabled",
          "true or false",
          "true",
          "false",
          "whether the channel can take readiness down");
  static final Attribute TRACING =
      new Attribute(
          "tracing-enabled",
          "true or false",
          "true",
          "false",
          "whether each delivery, or send, has a span where OpenTelemetry is there");
  static final Attribute COMMIT_INTERVAL =
      new Attribute(
          "auto.commit.interval.ms",
          "milliseconds",
          "5000",
          "1000",
          "how often what is done is committed");
  static final Attribute OFFSET_RESET =
      new Attribute(
          "auto.offset.reset",
          "earliest, latest, none or `by_duration:<ISO-8601>`",
          "earliest",
          "latest",
          "where a group without a committed offset begins");
  static final Attribute MAX_POLL_RECORDS =
      new Attribute("max.poll.records", "records", "2000", "500", "the most records of one poll");
  static final Attribute ASSIGNMENT_STRATEGY =
      new Attribute(
          "partition.assignment.strategy",
          "list of classes",
          "cooperative-sticky",
          "org.apache.kafka.clients.consumer.RangeAssignor",
          "how the group shares partitions; not with group.protocol=consumer");
  static final Attribute KEY_DESERIALIZER =
      new Attribute(
          "key.deserializer",
          "class",
          "",
          "org.apache.kafka.common.serialization.UUIDDeserializer",
          "decodes keys instead of the rules of this page");
  static final Attribute VALUE_DESERIALIZER =
      new Attribute(
          "value.deserializer",
          "class",
          "",
          "org.apache.kafka.common.serialization.DoubleDeserializer",
          "decodes values instead of the topic's codec");

  /** In the order of the documentation. */
  public static final List<Attribute> ALL =
      List.of(
          TOPIC,
          TOPICS,
          PATTERN,
          BOOTSTRAP_SERVERS,
          GROUP_ID,
          CLIENT_ID,
          CLIENT_ID_PREFIX,
          KAFKA_CONFIGURATION,
          FAILURE_STRATEGY,
          MAX_ATTEMPTS,
          RETRY_ON,
          DEAD_LETTER_ON,
          DEAD_LETTER_TOPIC,
          PAUSE_TIMEOUT,
          PAUSE_WITH_EXPONENTIAL_BACKOFF,
          MAX_PAUSE_TIMEOUT,
          ORDERING,
          EXACTLY_ONCE,
          BATCH,
          BATCH_SIZE,
          BATCH_BYTES,
          BATCH_WAIT,
          QUEUE_RECORDS,
          QUEUE_BYTES,
          PROCESSING_TIMEOUT,
          PROCESSING_TIMEOUT_ACTION,
          REVOKE_TIMEOUT,
          CLOSE_TIMEOUT,
          HEALTH_ENABLED,
          HEALTH_READINESS_ENABLED,
          TRACING,
          COMMIT_INTERVAL,
          OFFSET_RESET,
          MAX_POLL_RECORDS,
          ASSIGNMENT_STRATEGY,
          KEY_DESERIALIZER,
          VALUE_DESERIALIZER);

  private IncomingAttributes() {}
}
