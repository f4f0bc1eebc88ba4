package io.drivetrain.outbox.internal;

import io.drivetrain.outbox.internal.drain.DrainSettings;
import io.drivetrain.schema.partitioning.LibrdkafkaPartitioner;
import io.drivetrain.schema.platform.DatabaseSettings;
import io.drivetrain.schema.settings.KafkaProperties;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.Config;

/**
 * Every setting {@code drivetrain.outbox.*}, checked. Immutable.
 *
 * @param dataSource JNDI name
 * @param drain whether this node drains; null settings if not
 */
record OutboxSettings(
    String dataSource, String schema, int maxRecordBytes, boolean drain, DrainSettings drainer) {
  private static final String PREFIX = "drivetrain.outbox.";
  static final String MAX_RECORD_BYTES = PREFIX + "max-record-bytes";
  static final String DRAIN = PREFIX + "drain";
  static final String NODE = PREFIX + "node";
  static final String BATCH_SIZE = PREFIX + "batch-size";
  static final String MAX_POLL_INTERVAL = PREFIX + "max-poll-interval";
  static final String LEASE = PREFIX + "lease";
  static final String SEND_TIMEOUT = PREFIX + "send-timeout";
  static final String CLOSE_TIMEOUT = PREFIX + "close-timeout";
  static final String KAFKA = PREFIX + "kafka.";
  private static final String PARTITIONER = KAFKA + LibrdkafkaPartitioner.PARTITIONER;

  private static final List<String> KNOWN =
      List.of(
          DatabaseSettings.DATA_SOURCE,
          DatabaseSettings.SCHEMA,
          MAX_RECORD_BYTES,
          DRAIN,
          NODE,
          BATCH_SIZE,
          MAX_POLL_INTERVAL,
          LEASE,
          SEND_TIMEOUT,
          CLOSE_TIMEOUT,
          KAFKA);

  /** As many shards as there are drainers; more than one is not offered yet. */
  private static final int SHARDS = 1;

  /** What the broker's default message.max.bytes and the producer's max.request.size allow. */
  private static final int ONE_MIB = 1 << 20;

  /**
   * What the promises rest on. A send that expires would let a later one pass; without idempotence
   * and acks=all records could be lost or repeated out of order by the client itself.
   */
  private static final Map<String, Object> FIXED =
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
          5,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class.getName(),
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class.getName());

  private static final Map<String, Object> DEFAULTS =
      Map.of(
          // An unknown topic may hold up only its own rows, and not for a minute.
          ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000,
          // A batch is sent as a whole; waiting for more would only add latency.
          ProducerConfig.LINGER_MS_CONFIG, 0,
          ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10,
          ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4",
          ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 5_000,
          // So that a partition added to a topic is known soon.
          ProducerConfig.METADATA_MAX_AGE_CONFIG, 30_000);

  static OutboxSettings of(Config config) {
    Settings root = Settings.of(config);
    root.refuseUnknown(PREFIX, KNOWN);
    int maxRecordBytes = root.integer(MAX_RECORD_BYTES, ONE_MIB, 1_000, 1 << 30);
    boolean drain = root.flag(DRAIN, true);
    return new OutboxSettings(
        root.text(DatabaseSettings.DATA_SOURCE, DatabaseSettings.DEFAULT_DATA_SOURCE),
        DatabaseSettings.schema(root),
        maxRecordBytes,
        drain,
        drain ? drainer(root, config, maxRecordBytes) : null);
  }

  private static DrainSettings drainer(Settings root, Config config, int maxRecordBytes) {
    return new DrainSettings(
        root.text(NODE).orElseGet(OutboxSettings::node),
        SHARDS,
        root.integer(BATCH_SIZE, 1_000, 1, 10_000),
        atLeast(root, MAX_POLL_INTERVAL, Duration.ofMillis(200), Duration.ofMillis(5)),
        atLeast(root, LEASE, Duration.ofSeconds(10), Duration.ofSeconds(1)),
        atLeast(root, SEND_TIMEOUT, Duration.ofSeconds(30), Duration.ofSeconds(1)),
        root.duration(CLOSE_TIMEOUT, Duration.ofSeconds(10)),
        producer(root, config, maxRecordBytes));
  }

  private static Duration atLeast(
      Settings root, String key, Duration defaultValue, Duration smallest) {
    Duration value = root.duration(key, defaultValue);
    if (value.compareTo(smallest) < 0) {
      throw SettingsException.of(
          key, root.text(key).orElse(""), "a duration of at least " + smallest);
    }
    return value;
  }

  private static Map<String, Object> producer(Settings root, Config config, int maxRecordBytes) {
    Map<String, Object> properties = new HashMap<>(DEFAULTS);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Math.max(ONE_MIB, maxRecordBytes));
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(64L << 20, 4L * maxRecordBytes));
    properties.putAll(KafkaProperties.common(config));
    properties.keySet().removeAll(ofConsumersOnly());
    properties.putAll(FIXED);
    for (String key : config.getPropertyNames()) {
      if (key.startsWith(KAFKA)) {
        String property = key.substring(KAFKA.length());
        root.text(key).ifPresent(value -> put(properties, key, property, value));
      }
    }
    if (!properties.containsKey(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG)) {
      root.required(
          "kafka.bootstrap.servers",
          "the brokers that the outbox sends to, as host:port,host:port");
    }
    LibrdkafkaPartitioner.select(
        properties, root.text(PARTITIONER).isPresent() ? PARTITIONER : "kafka.partitioner");
    try {
      new ProducerConfig(properties);
    } catch (ConfigException e) {
      SettingsException failure =
          new SettingsException(
              "The outbox cannot send with these kafka.* settings: " + e.getMessage());
      failure.initCause(e);
      throw failure;
    }
    return properties;
  }

  private static void put(
      Map<String, Object> properties, String key, String property, String value) {
    if (FIXED.containsKey(property) || property.equals(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) {
      throw new SettingsException(
          key + " cannot be set: what the outbox promises needs its own value");
    }
    properties.put(property, value);
  }

  private static Set<String> ofConsumersOnly() {
    Set<String> names = new HashSet<>(ConsumerConfig.configNames());
    names.removeAll(ProducerConfig.configNames());
    return names;
  }

  /** Different for each start, so that a restarted node never takes an old lease for its own. */
  private static String node() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "node";
    }
    return host + "-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
