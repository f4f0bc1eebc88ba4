package io.drivetrain.connector.internal.settings;

import io.drivetrain.schema.settings.Durations;
import io.drivetrain.schema.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.Config;

/**
 * What configuration says of one outgoing channel. Immutable; made once, at deployment.
 *
 * @param channel the channel's name
 * @param topic where payloads go that do not name a topic
 * @param closeTimeout how long a stop waits for sends in flight
 * @param keySerializer what encodes keys, if set explicitly
 * @param valueSerializer what encodes values, if set explicitly
 * @param producer the properties of the Kafka producer; may hold secrets
 */
public record OutgoingSettings(
    String channel,
    String topic,
    Duration closeTimeout,
    Optional<String> keySerializer,
    Optional<String> valueSerializer,
    Map<String, Object> producer) {

  /**
   * Reads and checks.
   *
   * @param config the channel's, as the runtime hands it over
   * @param root for what all channels share
   * @throws io.drivetrain.schema.settings.SettingsException if anything cannot be used
   */
  public static OutgoingSettings read(String channel, Config config, Config root) {
    Settings settings = Settings.of(config, "mp.messaging.outgoing." + channel + ".");
    Map<String, Object> own =
        new AttributeNames(OutgoingAttributes.ALL, ProducerConfig.configNames())
            .clientProperties(settings);
    Map<String, Object> producer =
        ClientProperties.merge(
            root, own, ProducerConfig.configNames(), ConsumerConfig.configNames());
    ClientProperties.requireBootstrapServers(settings, producer);
    OutgoingSettings result =
        new OutgoingSettings(
            channel,
            settings.text(OutgoingAttributes.TOPIC.name(), channel),
            settings.duration(
                OutgoingAttributes.CLOSE_TIMEOUT.name(),
                Durations.parse(OutgoingAttributes.CLOSE_TIMEOUT.defaultValue())),
            taken(producer, OutgoingAttributes.KEY_SERIALIZER.name()),
            taken(producer, OutgoingAttributes.VALUE_SERIALIZER.name()),
            producer(producer));
    ClientProperties.check(settings, result.producer(), ProducerConfig::new);
    return result;
  }

  /** Copies. */
  public OutgoingSettings {
    producer = Map.copyOf(producer);
  }

  private static Optional<String> taken(Map<String, Object> properties, String key) {
    return Optional.ofNullable(properties.remove(key)).map(Object::toString);
  }

  private static Map<String, Object> producer(Map<String, Object> given) {
    Map<String, Object> producer = new HashMap<>(given);
    producer.putIfAbsent(OutgoingAttributes.ACKS.name(), OutgoingAttributes.ACKS.defaultValue());
    producer.putIfAbsent(
        OutgoingAttributes.LINGER.name(), OutgoingAttributes.LINGER.defaultValue());
    producer.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    producer.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    return producer;
  }

  /** Without the client's properties, which may hold secrets. */
  @Override
  public String toString() {
    return "channel " + channel + " to " + topic;
  }
}
