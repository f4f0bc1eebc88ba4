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
 * @param keySerializer what encodes keys, if set explicitly
 * @param valueSerializer what encodes values, if set explicitly
 * @param properties those of the Kafka producer; may hold secrets
 */
public record ProducerSettings(
    Duration closeTimeout,
    Optional<String> keySerializer,
    Optional<String> valueSerializer,
    Map<String, Object> properties) {

  static ProducerSettings read(Settings settings, List<Attribute> attributes, Config root) {
    Map<String, Object> own =
        new AttributeNames(attributes, ProducerConfig.configNames()).clientProperties(settings);
    Map<String, Object> properties =
        ClientProperties.merge(
            root, own, ProducerConfig.configNames(), ConsumerConfig.configNames());
    ClientProperties.requireBootstrapServers(settings, properties);
    ProducerSettings result =
        new ProducerSettings(
            settings.duration(
                OutgoingAttributes.CLOSE_TIMEOUT.name(),
                Durations.parse(OutgoingAttributes.CLOSE_TIMEOUT.defaultValue())),
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

  private static Map<String, Object> complete(Settings settings, Map<String, Object> given) {
    Map<String, Object> properties = new HashMap<>(given);
    properties.putIfAbsent(OutgoingAttributes.ACKS.name(), OutgoingAttributes.ACKS.defaultValue());
    properties.putIfAbsent(
        OutgoingAttributes.LINGER.name(), OutgoingAttributes.LINGER.defaultValue());
    String partitioner = OutgoingAttributes.PARTITIONER.name();
    settings.text(partitioner).ifPresent(name -> properties.put(partitioner, name));
    boolean own = settings.text(partitioner).isPresent();
    LibrdkafkaPartitioner.select(
        properties, own ? settings.fullKey(partitioner) : "kafka." + partitioner);
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
