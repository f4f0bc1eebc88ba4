package io.drivetrain.connector.internal.settings;

import io.drivetrain.schema.partitioning.LibrdkafkaPartitioner;
import io.drivetrain.schema.settings.Durations;
import io.drivetrain.schema.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.Config;

/**
 * What configuration says of one producer. Immutable; made once, at deployment.
 *
 * @param closeTimeout how long a stop waits for sends in flight
 * @param tracing whether sends have spans
 * @param keySerializer what encodes keys, if set explicitly
 * @param valueSerializer what encodes values, if set explicitly
 * @param properties those of the Kafka producer; may hold secrets
 */
public record ProducerSettings(
    Duration closeTimeout,
    boolean tracing,
    Optional<String> keySerializer,
    Optional<String> valueSerializer,
    Map<String, Object> properties) {

  /** What the keys of the producer without a channel begin with. */
  private static final String WITHOUT_CHANNEL = "drivetrain.producer.";

  private static final String PARTITIONER = OutgoingAttributes.PARTITIONER.name();
  private static final String PARTITIONER_CLASS = ProducerConfig.PARTITIONER_CLASS_CONFIG;

  /**
   * The one producer of everything that is sent without a channel.
   *
   * @throws io.drivetrain.schema.settings.SettingsException if anything cannot be used
   */
  public static ProducerSettings withoutChannel(Config root) {
    return read(Settings.below(root, WITHOUT_CHANNEL), OutgoingAttributes.WITHOUT_CHANNEL, root);
  }

  /** Whether configuration says anything of the producer without a channel. */
  public static boolean speakOfWithoutChannel(Config root) {
    return Settings.below(root, WITHOUT_CHANNEL).keys().iterator().hasNext();
  }

  static ProducerSettings read(Settings settings, List<Attribute> attributes, Config root) {
    Map<String, Object> own =
        new AttributeNames(attributes, ProducerConfig.configNames()).clientProperties(settings);
    Map<String, Object> properties =
        ClientProperties.merge(
            root, own, ProducerConfig.configNames(), ConsumerConfig.configNames());
    ClientProperties.requireBootstrapServers(settings, properties);
    if (own.containsKey(PARTITIONER_CLASS) || settings.text(PARTITIONER).isPresent()) {
      // Only one of both may be set, and the nearer one counts.
      properties.remove(PARTITIONER);
      properties.remove(PARTITIONER_CLASS);
      putIfPresent(properties, PARTITIONER, settings.text(PARTITIONER));
      putIfPresent(properties, PARTITIONER_CLASS, settings.text(PARTITIONER_CLASS));
    }
    ProducerSettings result =
        new ProducerSettings(
            settings.duration(
                OutgoingAttributes.CLOSE_TIMEOUT.name(),
                Durations.parse(OutgoingAttributes.CLOSE_TIMEOUT.defaultValue())),
            settings.flag(
                OutgoingAttributes.TRACING.name(),
                Boolean.parseBoolean(OutgoingAttributes.TRACING.defaultValue())),
            taken(properties, OutgoingAttributes.KEY_SERIALIZER.name()),
            taken(properties, OutgoingAttributes.VALUE_SERIALIZER.name()),
            complete(settings, properties));
    ClientProperties.check(settings, result.properties(), ProducerConfig::new);
    return result;
  }

  /** Copies. */
  public ProducerSettings {
    properties = Map.copyOf(properties);
  }

  private static Optional<String> taken(Map<String, Object> properties, String key) {
    return Optional.ofNullable(properties.remove(key)).map(Object::toString);
  }

  private static void putIfPresent(
      Map<String, Object> properties, String key, Optional<String> value) {
    value.ifPresent(text -> properties.put(key, text));
  }

  private static Map<String, Object> complete(Settings settings, Map<String, Object> given) {
    Map<String, Object> properties = new HashMap<>(given);
    properties.putIfAbsent(OutgoingAttributes.ACKS.name(), OutgoingAttributes.ACKS.defaultValue());
    properties.putIfAbsent(
        OutgoingAttributes.LINGER.name(), OutgoingAttributes.LINGER.defaultValue());
    boolean own = settings.text(PARTITIONER).isPresent();
    LibrdkafkaPartitioner.select(
        properties, own ? settings.fullKey(PARTITIONER) : "kafka." + PARTITIONER);
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    properties.put(
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    return properties;
  }

  /** Without the client's properties, which may hold secrets. */
  @Override
  public String toString() {
    return "a producer";
  }
}
