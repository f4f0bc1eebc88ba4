package io.drivetrain.connector.internal.settings;

import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.FailurePolicy.Strategy;
import io.drivetrain.connector.internal.policy.HandOver;
import io.drivetrain.connector.internal.policy.Ordering;
import io.drivetrain.connector.internal.policy.ProcessingTimeout;
import io.drivetrain.schema.Topics;
import io.drivetrain.schema.settings.Durations;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.Config;

/**
 * What configuration says of one incoming channel. Immutable; made once, at deployment.
 *
 * @param channel the channel's name, without a worker suffix
 * @param topics what to read by name; empty if by pattern
 * @param pattern what to read by pattern
 * @param failurePolicy what becomes of failed records
 * @param deadLetters what is done about those given up, if the policy says so or somebody asks for
 *     them
 * @param records how records are handed over to a method that takes one
 * @param batches how records are handed over to a method that takes a list
 * @param processingTimeout when a delivery takes too long, if ever
 * @param revokeTimeout how long a rebalance waits for records in flight
 * @param closeTimeout how long a stop waits for records in flight
 * @param commitInterval how often what is done is committed
 * @param tracing whether deliveries have spans
 * @param exactlyOnce whether positions are kept beside the records' effects
 * @param keyDeserializer what decodes keys, if set explicitly
 * @param valueDeserializer what decodes values, if set explicitly
 * @param consumer the properties of the Kafka consumer; may hold secrets
 */
public record IncomingSettings(
    String channel,
    List<String> topics,
    Optional<Pattern> pattern,
    FailurePolicy failurePolicy,
    DeadLetterSettings deadLetters,
    HandOver records,
    HandOver batches,
    Optional<ProcessingTimeout> processingTimeout,
    Duration revokeTimeout,
    Duration closeTimeout,
    Duration commitInterval,
    boolean tracing,
    boolean exactlyOnce,
    Optional<String> keyDeserializer,
    Optional<String> valueDeserializer,
    Map<String, Object> consumer) {

  /** The most records of one run; enough that taking the lock for each does not show. */
  private static final int RUN_RECORDS = 512;

  private static final String GROUP_PROTOCOL = "group.protocol";

  /**
   * Reads and checks.
   *
   * @param channel without a worker suffix
   * @param config the channel's, as the runtime hands it over
   * @param root for what all channels share
   * @param application gives the application's name, for the group
   * @throws SettingsException if anything cannot be used
   */
  public static IncomingSettings read(
      String channel, Config config, Config root, Supplier<Optional<String>> application) {
    Settings settings = Settings.of(config, "mp.messaging.incoming." + channel + ".");
    Map<String, Object> own =
        new AttributeNames(
                IncomingAttributes.ALL, ConsumerConfig.configNames(), PeerAttributes.INCOMING)
            .clientProperties(settings);
    Map<String, Object> consumer =
        ClientProperties.merge(
            root, own, ConsumerConfig.configNames(), ProducerConfig.configNames());
    Subscription subscription = Subscription.read(settings, channel, Topics.of(Settings.of(root)));
    ClientProperties.requireBootstrapServers(settings, consumer);
    group(settings, channel, consumer, application);
    ClientProperties.prefixClientId(settings, channel, consumer);
    Optional<String> keyDeserializer = taken(consumer, IncomingAttributes.KEY_DESERIALIZER.name());
    Optional<String> valueDeserializer =
        taken(consumer, IncomingAttributes.VALUE_DESERIALIZER.name());
    Map<String, Object> properties = consumer(settings, consumer);
    ClientProperties.check(
        settings, properties, given -> refuseEndlessFetches(settings, new ConsumerConfig(given)));
    IncomingSettings result =
        new IncomingSettings(
            channel,
            subscription.topics(),
            subscription.pattern(),
            FailureSettings.read(settings),
            DeadLetterSettings.read(channel, config, root, properties, own),
            handOver(settings, false),
            handOver(settings, true),
            processingTimeout(settings),
            revokeTimeout(settings, consumer),
            duration(settings, IncomingAttributes.CLOSE_TIMEOUT),
            Duration.ofMillis(
                integer(settings, IncomingAttributes.COMMIT_INTERVAL, 10, Integer.MAX_VALUE)),
            settings.flag(
                IncomingAttributes.TRACING.name(),
                Boolean.parseBoolean(IncomingAttributes.TRACING.defaultValue())),
            settings.flag(IncomingAttributes.EXACTLY_ONCE.name(), false),
            keyDeserializer,
            valueDeserializer,
            properties);
    refuseCircle(settings, result);
    refuseLooseOrder(settings, result);
    return result;
  }

  /**
   * Compares what {@code batch} says with what the method takes.
   *
   * @param batches whether the method takes batches
   * @throws SettingsException if they differ
   */
  public static void checkBatch(String channel, Config config, boolean batches) {
    Settings settings = Settings.of(config, "mp.messaging.incoming." + channel + ".");
    String key = IncomingAttributes.BATCH.name();
    if (settings.flag(key, batches) != batches) {
      throw SettingsException.of(
          settings.fullKey(key),
          settings.text(key, ""),
          batches
              ? "true or nothing, for the method takes a batch"
              : "false or nothing, for the method takes one record; take a List of them");
    }
  }

  /** A fetch of idle partitions would be cut off before its answer comes, again and again. */
  private static void refuseEndlessFetches(Settings settings, ConsumerConfig consumer) {
    int wait = consumer.getInt(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG);
    int timeout = consumer.getInt(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG);
    if (wait >= timeout) {
      throw SettingsException.of(
          settings.fullKey(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
          Integer.toString(wait),
          "less than request.timeout.ms, which is " + timeout);
    }
  }

  private static void refuseCircle(Settings settings, IncomingSettings read) {
    String topic = read.deadLetters().topic();
    if (read.failurePolicy().strategy() == Strategy.DEAD_LETTER_QUEUE && read.reads(topic)) {
      throw SettingsException.of(
          settings.fullKey(IncomingAttributes.DEAD_LETTER_TOPIC.name()),
          topic,
          "a topic that the channel does not read itself; it reads " + read.subscription());
    }
  }

  /** One position tells what is done only if nothing is done out of order. */
  private static void refuseLooseOrder(Settings settings, IncomingSettings read) {
    if (read.exactlyOnce() && read.isOrderedByKey()) {
      throw SettingsException.of(
          settings.fullKey(IncomingAttributes.EXACTLY_ONCE.name()),
          "true",
          "false with ordering=key: one position tells what is done only in order");
    }
  }

  /** Copies. */
  public IncomingSettings {
    topics = List.copyOf(topics);
    consumer = Map.copyOf(consumer);
  }

  private static void group(
      Settings settings,
      String channel,
      Map<String, Object> consumer,
      Supplier<Optional<String>> application) {
    String key = IncomingAttributes.GROUP_ID.name();
    if (consumer.get(key) == null) {
      String name =
          application
              .get()
              .orElseThrow(
                  () ->
                      new SettingsException(
                          settings.fullKey(key)
                              + " is not set, nor is kafka.group.id, and the application has no"
                              + " name to make one of; expected the name of the consumer group"));
      consumer.put(key, name + "-" + channel);
    }
  }

  private static Optional<String> taken(Map<String, Object> properties, String key) {
    return Optional.ofNullable(properties.remove(key)).map(Object::toString);
  }

  private static HandOver handOver(Settings settings, boolean batches) {
    Ordering ordering =
        Ordering.valueOf(
            settings
                .oneOf(
                    IncomingAttributes.ORDERING.name(),
                    List.of("partition", "key"),
                    IncomingAttributes.ORDERING.defaultValue())
                .toUpperCase(Locale.ROOT));
    int batchSize = integer(settings, IncomingAttributes.BATCH_SIZE, 1, 1_000_000);
    int batchBytes = integer(settings, IncomingAttributes.BATCH_BYTES, 0, Integer.MAX_VALUE);
    Duration batchWait = duration(settings, IncomingAttributes.BATCH_WAIT);
    int queue = integer(settings, IncomingAttributes.QUEUE_RECORDS, 1, Integer.MAX_VALUE);
    int bytes = integer(settings, IncomingAttributes.QUEUE_BYTES, 1, Integer.MAX_VALUE);
    return batches
        // A batch larger than the queue would never be complete.
        ? new HandOver(
            ordering,
            true,
            batchSize,
            batchBytes == 0 ? Long.MAX_VALUE : batchBytes,
            batchWait.toNanos(),
            Math.max(queue, 2 * batchSize),
            bytes)
        : new HandOver(ordering, false, RUN_RECORDS, Long.MAX_VALUE, 0, queue, bytes);
  }

  private static Optional<ProcessingTimeout> processingTimeout(Settings settings) {
    Attribute action = IncomingAttributes.PROCESSING_TIMEOUT_ACTION;
    String interrupt = "interrupt";
    boolean interrupts =
        settings
            .oneOf(action.name(), List.of(action.defaultValue(), interrupt), action.defaultValue())
            .equals(interrupt);
    Duration after = duration(settings, IncomingAttributes.PROCESSING_TIMEOUT);
    return after.isZero()
        ? Optional.empty()
        : Optional.of(new ProcessingTimeout(after, interrupts));
  }

  private static Duration revokeTimeout(Settings settings, Map<String, Object> consumer) {
    Duration asked = duration(settings, IncomingAttributes.REVOKE_TIMEOUT);
    Object interval = consumer.getOrDefault(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, "300000");
    try {
      // Who is silent for longer is thrown out of the group in the middle of its commit.
      Duration most = Duration.ofMillis(Long.parseLong(interval.toString()) * 8 / 10);
      return asked.compareTo(most) < 0 ? asked : most;
    } catch (NumberFormatException e) {
      throw SettingsException.of(
          settings.fullKey(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
          interval.toString(),
          "milliseconds");
    }
  }

  private static Map<String, Object> consumer(Settings settings, Map<String, Object> given) {
    Map<String, Object> consumer = new HashMap<>(given);
    String autoCommit = ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG;
    if ("true".equals(consumer.get(autoCommit))) {
      throw SettingsException.of(
          settings.fullKey(autoCommit),
          "true",
          "false or nothing: the connector commits what is processed, not what is fetched");
    }
    consumer.put(autoCommit, "false");
    consumer.remove(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG);
    putDefault(consumer, IncomingAttributes.OFFSET_RESET);
    putDefault(consumer, IncomingAttributes.MAX_POLL_RECORDS);
    if (!"consumer".equalsIgnoreCase(String.valueOf(consumer.get(GROUP_PROTOCOL)))) {
      consumer.putIfAbsent(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
    }
    // Lanes decode: a record that cannot be decoded then fails alone instead of stopping the poll.
    consumer.put(
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    consumer.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    return consumer;
  }

  private static void putDefault(Map<String, Object> properties, Attribute attribute) {
    properties.putIfAbsent(attribute.name(), attribute.defaultValue());
  }

  private static Duration duration(Settings settings, Attribute attribute) {
    return settings.duration(attribute.name(), Durations.parse(attribute.defaultValue()));
  }

  private static int integer(Settings settings, Attribute attribute, int min, int max) {
    return settings.integer(attribute.name(), Integer.parseInt(attribute.defaultValue()), min, max);
  }

  /** Whether order is kept per key, not per partition. */
  public boolean isOrderedByKey() {
    return records.ordering() == Ordering.KEY;
  }

  /** How long the poll loop may be silent before the group takes this node for gone. */
  public Duration maxPollInterval() {
    Object millis = consumer.getOrDefault(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, "300000");
    return Duration.ofMillis(Long.parseLong(millis.toString()));
  }

  /** The consumer group. */
  public String group() {
    return consumer.get(IncomingAttributes.GROUP_ID.name()).toString();
  }

  /** Whether the channel reads a topic of this name. */
  public boolean reads(String topic) {
    return pattern.map(p -> p.matcher(topic).matches()).orElseGet(() -> topics.contains(topic));
  }

  /** The subscription in words. */
  public String subscription() {
    return pattern.map(Pattern::pattern).orElseGet(() -> String.join(", ", topics));
  }

  /** Without the client's properties, which may hold secrets. */
  @Override
  public String toString() {
    return "channel " + channel + " of " + subscription();
  }
}
