package io.drivetrain.connector.internal.settings;

import io.drivetrain.schema.partitioning.LibrdkafkaPartitioner;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.Config;

/**
 * Completes the properties of a producer that sends bytes and whose every send a thread awaits: it
 * answers within half a minute, and what is not stored on all replicas counts as not sent.
 */
final class AwaitedProducer {
  private static final long MAX_BLOCK_MILLIS = 10_000;
  private static final long REQUEST_MILLIS = 10_000;
  private static final long DELIVERY_MILLIS = 20_000;

  /**
   * As large as the producer's memory: how large a record may be is the topic's business, and what
   * arrived compressed may be larger than a producer sends by default.
   */
  private static final long MAX_REQUEST_BYTES = 33_554_432;

  /** What a consumer has too and must not share. */
  private static final Set<String> NOT_SHARED =
      Set.of(ProducerConfig.CLIENT_ID_CONFIG, ProducerConfig.INTERCEPTOR_CLASSES_CONFIG);

  private AwaitedProducer() {}

  /**
   * What a consumer's properties say of its brokers and how to reach them, over what all clients
   * share.
   */
  static Map<String, Object> like(Map<String, Object> consumer, Config root) {
    Map<String, Object> shared = new HashMap<>(consumer);
    Set<String> consumerOnly = new HashSet<>(ConsumerConfig.configNames());
    consumerOnly.removeAll(ProducerConfig.configNames());
    shared.keySet().removeAll(consumerOnly);
    shared.keySet().removeAll(NOT_SHARED);
    return ClientProperties.merge(
        root, shared, ProducerConfig.configNames(), ConsumerConfig.configNames());
  }

  /**
   * Completes and checks.
   *
   * @param settings for the keys in errors
   * @param partitioner how {@code partitioner} is called where an operator writes it
   */
  static Map<String, Object> complete(
      Settings settings, String partitioner, Map<String, Object> given) {
    Map<String, Object> producer = new HashMap<>(given);
    producer.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    producer.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    producer.put(ProducerConfig.ACKS_CONFIG, "all");
    producer.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    producer.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "0");
    putDefault(producer, ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
    putDefault(producer, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    LibrdkafkaPartitioner.select(producer, partitioner);
    ClientProperties.check(settings, producer, ProducerConfig::new);
    timeouts(settings, producer);
    return producer;
  }

  /** Kafka finds out only when the producer is made that these do not fit together. */
  private static void timeouts(Settings settings, Map<String, Object> producer) {
    String request = ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG;
    String delivery = ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
    long linger = number(producer, ProducerConfig.LINGER_MS_CONFIG);
    if (!producer.containsKey(request)) {
      long most =
          producer.containsKey(delivery) ? number(producer, delivery) - linger : REQUEST_MILLIS;
      putDefault(producer, request, Math.max(1, Math.min(REQUEST_MILLIS, most)));
    }
    long least = linger + number(producer, request);
    putDefault(producer, delivery, Math.max(DELIVERY_MILLIS, least));
    if (number(producer, delivery) < least) {
      throw SettingsException.of(
          settings.fullKey(delivery),
          producer.get(delivery).toString(),
          "at least linger.ms + request.timeout.ms, which are " + least);
    }
  }

  private static void putDefault(Map<String, Object> producer, String key, long value) {
    producer.putIfAbsent(key, Long.toString(value));
  }

  private static long number(Map<String, Object> producer, String key) {
    return Long.parseLong(producer.get(key).toString().trim());
  }
}
