package io.drivetrain.connector;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Makes clients of something that stands in for a Kafka cluster, such as the testkit's broker in
 * memory. Found by {@link ServiceLoader} with the application's class loader; the addresses of real
 * brokers are nobody's but Kafka's. Implementations are thread-safe.
 */
public interface KafkaClientFactory {

  /** Whether clients with these properties are this factory's, by {@code bootstrap.servers}. */
  boolean makes(Map<String, Object> properties);

  /** A consumer; used by one thread. */
  Consumer<byte[], byte[]> consumer(Map<String, Object> properties);

  /** A producer; used by any thread. */
  Producer<byte[], byte[]> producer(Map<String, Object> properties);

  /** The factory for a client's properties; empty means that Kafka's own client is meant. */
  static Optional<KafkaClientFactory> of(Map<String, Object> properties) {
    return ServiceLoader.load(KafkaClientFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(factory -> factory.makes(properties))
        .findFirst();
  }
}
