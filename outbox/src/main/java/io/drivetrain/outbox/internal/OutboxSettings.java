package io.drivetrain.outbox.internal;

import io.drivetrain.outbox.internal.drain.DrainSettings;
import io.drivetrain.outbox.internal.drain.OnRefused;
import io.drivetrain.outbox.internal.drain.ProducerProperties;
import io.drivetrain.outbox.internal.drain.TopicRules;
import io.drivetrain.outbox.internal.lease.Lease;
import io.drivetrain.outbox.internal.lease.LeaseSettings;
import io.drivetrain.outbox.internal.store.Buckets;
import io.drivetrain.schema.Topics;
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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
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
  static final String SHARDS = PREFIX + "shards";
  static final String CONNECTIONS = PREFIX + "connections";
  static final String BATCH_SIZE = PREFIX + "batch-size";
  static final String MAX_POLL_INTERVAL = PREFIX + "max-poll-interval";
  static final String LEASE = PREFIX + "lease";
  static final String SEND_TIMEOUT = PREFIX + "send-timeout";
  static final String CLOSE_TIMEOUT = PREFIX + "close-timeout";
  static final String ARCHIVE = PREFIX + "archive";
  static final String ARCHIVE_DAYS = PREFIX + "archive-days";
  static final String KAFKA = PREFIX + "kafka.";
  static final String ON_REFUSED = PREFIX + "on-refused";
  static final String TOPICS = PREFIX + "topics.";
  static final String COMPACT = PREFIX + "compact";
  static final String DELIVERY = PREFIX + "delivery";
  static final String TRANSACTIONAL_IDS = PREFIX + "transactional-id-prefix";
  private static final String IDEMPOTENT = "idempotent";
  private static final String TRANSACTIONAL = "transactional";
  private static final String OF_TOPIC = ".on-refused";
  private static final String COMPACT_OF_TOPIC = ".compact";
  private static final String PARTITIONER = KAFKA + LibrdkafkaPartitioner.PARTITIONER;

  private static final List<String> KNOWN =
      List.of(
          DatabaseSettings.DATA_SOURCE,
          DatabaseSettings.SCHEMA,
          MAX_RECORD_BYTES,
          DRAIN,
          NODE,
          SHARDS,
          CONNECTIONS,
          BATCH_SIZE,
          MAX_POLL_INTERVAL,
          LEASE,
          SEND_TIMEOUT,
          CLOSE_TIMEOUT,
          ARCHIVE,
          ARCHIVE_DAYS,
          DELIVERY,
          TRANSACTIONAL_IDS,
          ON_REFUSED,
          COMPACT,
          TOPICS,
          KAFKA);

  /** What the broker's default message.max.bytes and the producer's max.request.size allow. */
  private static final int ONE_MIB = 1 << 20;

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
        new LeaseSettings(
            root.text(NODE).orElseGet(OutboxSettings::node),
            root.integer(SHARDS, 1, 1, Buckets.COUNT),
            atLeast(root, LEASE, Duration.ofSeconds(10), Duration.ofSeconds(1)),
            root.duration(CLOSE_TIMEOUT, Duration.ofSeconds(10))),
        root.integer(BATCH_SIZE, 2_000, 1, 10_000),
        atLeast(root, MAX_POLL_INTERVAL, Duration.ofMillis(200), Duration.ofMillis(5)),
        atLeast(root, SEND_TIMEOUT, Duration.ofSeconds(30), Duration.ofSeconds(1)),
        root.integer(CONNECTIONS, 4, 1, 1_000),
        archiveDays(root),
        rules(root),
        transactionalIds(root),
        producer(root, config, maxRecordBytes));
  }

  private static Optional<String> transactionalIds(Settings root) {
    String prefix = root.text(TRANSACTIONAL_IDS, Lease.STORED_PREFIX);
    String delivery = root.oneOf(DELIVERY, List.of(IDEMPOTENT, TRANSACTIONAL), IDEMPOTENT);
    return delivery.equals(TRANSACTIONAL) ? Optional.of(prefix) : Optional.empty();
  }

  private static int archiveDays(Settings root) {
    int days = root.integer(ARCHIVE_DAYS, 30, 1, 36_500);
    return root.flag(ARCHIVE, false) ? days : 0;
  }

  private static TopicRules rules(Settings root) {
    Topics names = Topics.of(root);
    Map<String, OnRefused> onRefused = new HashMap<>();
    Map<String, Boolean> compact = new HashMap<>();
    for (String key : root.keys()) {
      if (!key.startsWith(TOPICS)) {
        continue;
      }
      int dot = key.lastIndexOf('.');
      String topic = key.substring(TOPICS.length(), Math.max(dot, TOPICS.length()));
      String name = key.substring(dot);
      if (name.equals(OF_TOPIC) && !topic.isEmpty()) {
        onRefused.put(names.physical(topic), onRefused(root, key, OnRefused.PARK));
      } else if (name.equals(COMPACT_OF_TOPIC) && !topic.isEmpty()) {
        compact.put(names.physical(topic), root.flag(key, false));
      } else {
        throw new SettingsException(
            key
                + " is not a setting; expected "
                + TOPICS
                + "<topic>"
                + OF_TOPIC
                + " or "
                + TOPICS
                + "<topic>"
                + COMPACT_OF_TOPIC);
      }
    }
    return new TopicRules(
        onRefused(root, ON_REFUSED, OnRefused.PARK), onRefused, root.flag(COMPACT, false), compact);
  }

  private static OnRefused onRefused(Settings root, String key, OnRefused otherwise) {
    return OnRefused.of(root.oneOf(key, OnRefused.words(), otherwise.word()));
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
    Map<String, Object> properties =
        new HashMap<>(ProducerProperties.defaults(Math.max(ONE_MIB, maxRecordBytes)));
    properties.putAll(KafkaProperties.common(config));
    properties.keySet().removeAll(ofConsumersOnly());
    properties.putAll(ProducerProperties.FIXED);
    // Of another producer of the application; the outbox's own come with the shards.
    properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
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
    if (ProducerProperties.FIXED.containsKey(property)
        || property.equals(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) {
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
