package io.drivetrain.testkitapp.internal.kafka;

import io.drivetrain.connector.KafkaClientFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/**
 * Kafka's interfaces over {@link MemoryConsumer} and {@link MemoryProducer}. By proxies: their
 * methods differ between the versions of Kafka's client. Thread-safe.
 */
public final class MemoryClients implements KafkaClientFactory {

  /** For the service loader. */
  public MemoryClients() {}

  @Override
  public boolean makes(Map<String, Object> properties) {
    return address(properties).startsWith(MemoryBroker.HOST);
  }

  private static String address(Map<String, Object> properties) {
    return String.valueOf(properties.get("bootstrap.servers"));
  }

  @Override
  @SuppressWarnings("unchecked")
  public Consumer<byte[], byte[]> consumer(Map<String, Object> properties) {
    MemoryConsumer consumer = new MemoryConsumer(MemoryBroker.at(address(properties)), properties);
    return (Consumer<byte[], byte[]>) proxy(Consumer.class, consumer);
  }

  @Override
  @SuppressWarnings("unchecked")
  public Producer<byte[], byte[]> producer(Map<String, Object> properties) {
    MemoryProducer producer = new MemoryProducer(MemoryBroker.at(address(properties)));
    return (Producer<byte[], byte[]>) proxy(Producer.class, producer);
  }

  private static Object proxy(Class<?> type, Object target) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (self, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return ofObject(self, target, method, arguments);
          }
          return call(target, method, arguments);
        });
  }

  private static Object ofObject(Object self, Object target, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> target.getClass().getSimpleName();
    };
  }

  @SuppressWarnings("unchecked")
  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    Method own;
    try {
      own = target.getClass().getDeclaredMethod(method.getName(), method.getParameterTypes());
    } catch (NoSuchMethodException e) {
      throw new UnsupportedOperationException("Kafka in memory cannot " + method, e);
    }
    try {
      Object result = own.invoke(target, arguments);
      return method.getName().equals("poll")
          ? records((Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>>) result)
          : result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** The older constructor: it is in all supported clients. */
  @SuppressWarnings("deprecation")
  private static ConsumerRecords<byte[], byte[]> records(
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> polled) {
    return new ConsumerRecords<>(polled);
  }
}
