package io.drivetrain.connector.internal;

import io.drivetrain.connector.KafkaClientFactory;
import io.drivetrain.schema.settings.Secrets;
import io.drivetrain.schema.settings.SettingsException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Makes Kafka's objects with the class loader of the application, on whichever thread: Kafka loads
 * plug-ins through the thread's. What they throw holds none of the properties' secrets. Immutable.
 */
final class KafkaClients {
  /** How many clients have had a name: two with the same would share their JMX metrics. */
  private static final Map<String, AtomicInteger> CLIENTS = new ConcurrentHashMap<>();

  private final Map<String, Object> properties;
  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();

  KafkaClients(Map<String, Object> properties) {
    this.properties = properties;
  }

  /** With a {@code client.id} that names the application and the channel, if none is set. */
  static KafkaClients named(Map<String, Object> properties, String channel) {
    Map<String, Object> named = new HashMap<>(properties);
    named.computeIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, key -> clientId(channel));
    return new KafkaClients(named);
  }

  private static String clientId(String channel) {
    String name = ApplicationName.find().map(application -> application + "-").orElse("") + channel;
    int number = CLIENTS.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
    return number == 1 ? name : name + "-" + number;
  }

  Consumer<byte[], byte[]> consumer() {
    return loaded(
        () ->
            KafkaClientFactory.of(properties)
                .map(factory -> factory.consumer(properties))
                .orElseGet(() -> new KafkaConsumer<>(properties)));
  }

  Producer<byte[], byte[]> producer() {
    return loaded(
        () ->
            KafkaClientFactory.of(properties)
                .map(factory -> factory.producer(properties))
                .orElseGet(() -> new KafkaProducer<>(properties)));
  }

  Deserializer<?> deserializer(String className, boolean isKey) {
    Deserializer<?> deserializer =
        instance(className, Deserializer.class, isKey ? "key.deserializer" : "value.deserializer");
    return loaded(
        () -> {
          deserializer.configure(properties, isKey);
          return deserializer;
        });
  }

  @SuppressWarnings("unchecked")
  Serializer<Object> serializer(String className, boolean isKey) {
    Serializer<Object> serializer =
        instance(className, Serializer.class, isKey ? "key.serializer" : "value.serializer");
    return loaded(
        () -> {
          serializer.configure(properties, isKey);
          return serializer;
        });
  }

  private <T> T instance(String className, Class<T> type, String key) {
    try {
      Class<?> found = Class.forName(className, true, loader);
      return type.cast(found.getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw SettingsException.of(
          key,
          className,
          "the name of a " + type.getSimpleName() + " class with a no-argument constructor");
    }
  }

  private <T> T loaded(java.util.function.Supplier<T> maker) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return maker.get();
    } catch (RuntimeException e) {
      throw Secrets.of(properties).removedFrom(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
