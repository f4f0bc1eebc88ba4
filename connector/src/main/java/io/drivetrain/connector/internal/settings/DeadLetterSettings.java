package io.drivetrain.connector.internal.settings;

import io.drivetrain.schema.Topics;
import io.drivetrain.schema.settings.Nearest;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.Config;

/**
 * What configuration says of the dead letters of one incoming channel. Immutable; made once, at
 * deployment.
 *
 * @param topic where they go
 * @param producer the properties of the Kafka producer that sends them; may hold secrets
 * @param replays what replays need
 */
public record DeadLetterSettings(
    String topic, Map<String, Object> producer, ReplaySettings replays) {

  /** How the keys of the producer's properties begin, as in SmallRye's connector. */
  static final String PREFIX = "dead-letter-queue.";

  private static final String PARTITIONER = OutgoingAttributes.PARTITIONER.name();
  private static final String PARTITIONER_CLASS = ProducerConfig.PARTITIONER_CLASS_CONFIG;
  private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  /**
   * Reads and checks.
   *
   * @param config the channel's, as the runtime hands it over
   * @param root for what all channels share
   * @param consumer the properties of its Kafka consumer
   * @param own those of them that the channel itself sets
   */
  static DeadLetterSettings read(
      String channel,
      Config config,
      Config root,
      Map<String, Object> consumer,
      Map<String, Object> own) {
    String prefix = "mp.messaging.incoming." + channel + ".";
    Settings settings = Settings.of(config, prefix);
    Map<String, Object> producer = AwaitedProducer.like(own, root);
    producer.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, "dead-letters-" + channel);
    Map<String, Object> given = given(settings);
    if (given.containsKey(PARTITIONER) || given.containsKey(PARTITIONER_CLASS)) {
      // Only one of both may be set, and the nearer one counts.
      producer.remove(PARTITIONER);
      producer.remove(PARTITIONER_CLASS);
    }
    producer.putAll(given);
    Settings errors = Settings.of(config, prefix + PREFIX);
    String partitioner =
        given.containsKey(PARTITIONER) ? errors.fullKey(PARTITIONER) : "kafka." + PARTITIONER;
    return new DeadLetterSettings(
        Topics.of(Settings.of(root)).physical(topic(settings, channel)),
        AwaitedProducer.complete(errors, partitioner, producer),
        ReplaySettings.of(settings, channel, root, consumer, own, given));
  }

  /** Copies. */
  public DeadLetterSettings {
    producer = Map.copyOf(producer);
  }

  private static String topic(Settings settings, String channel) {
    Attribute attribute = IncomingAttributes.DEAD_LETTER_TOPIC;
    String topic =
        settings.text(attribute.name(), attribute.defaultValue().replace("<channel>", channel));
    if (!TOPIC_NAME.matcher(topic).matches()) {
      throw SettingsException.of(
          settings.fullKey(attribute.name()),
          topic,
          "the name of a topic: letters, digits, '.', '_' and '-'");
    }
    return topic;
  }

  private static Map<String, Object> given(Settings settings) {
    Map<String, Object> given = new HashMap<>();
    for (String key : settings.keys()) {
      String property = key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : "";
      if (!property.isEmpty() && !key.equals(IncomingAttributes.DEAD_LETTER_TOPIC.name())) {
        refuseMistake(settings, key, property);
        settings.text(key).ifPresent(value -> given.put(property, value));
      }
    }
    return given;
  }

  private static void refuseMistake(Settings settings, String key, String property) {
    Set<String> known = new TreeSet<>(ProducerConfig.configNames());
    known.add("topic");
    known.add(PARTITIONER);
    // One with a dot may be the property of an interceptor.
    if (!known.contains(property) && property.indexOf('.') < 0) {
      throw new SettingsException(
          settings.fullKey(key)
              + " is no property of a Kafka producer"
              + Nearest.to(property, known)
                  .map(name -> "; did you mean " + PREFIX + name + "?")
                  .orElse(""));
    }
    String value = settings.text(key, "");
    if (property.equals(ProducerConfig.ACKS_CONFIG) && !Set.of("all", "-1", "").contains(value)) {
      throw SettingsException.of(
          settings.fullKey(key),
          value,
          "all or nothing: a record counts as done when its dead letter is stored");
    }
    if (property.equals(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) {
      throw SettingsException.of(
          settings.fullKey(key), value, "nothing: dead letters are sent without transactions");
    }
  }

  /** Without the clients' properties, which may hold secrets. */
  @Override
  public String toString() {
    return "dead letters in " + topic;
  }
}
