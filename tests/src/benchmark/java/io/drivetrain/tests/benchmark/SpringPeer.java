package io.drivetrain.tests.benchmark;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.util.backoff.FixedBackOff;

/** Spring Kafka's listener containers, without a context, with their defaults. */
public final class SpringPeer implements Peer {
  @Override
  public void run(String contender, String bootstrapServers, String topic, String group)
      throws Exception {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("group.id", group);
    properties.put("auto.offset.reset", "earliest");
    ContainerProperties container = new ContainerProperties(topic);
    container.setMessageListener(listener(Contender.valueOf(contender), Sink.current));
    ConcurrentMessageListenerContainer<String, String> running =
        new ConcurrentMessageListenerContainer<>(
            new DefaultKafkaConsumerFactory<>(
                properties, new StringDeserializer(), new StringDeserializer()),
            container);
    running.setConcurrency(Contender.valueOf(contender) == Contender.SPRING_5_CONSUMERS ? 5 : 1);
    running.setCommonErrorHandler(
        new DefaultErrorHandler(new FixedBackOff(1_000, FixedBackOff.UNLIMITED_ATTEMPTS)));
    running.start();
    try {
      Sink.current.await();
    } finally {
      running.stop();
    }
  }

  private static Object listener(Contender contender, Sink sink) {
    return switch (contender) {
      case SPRING_BATCH ->
          (BatchMessageListener<String, String>) records -> sink.take(records.size());
      case SPRING_HEALTHY, SPRING_POISONED ->
          (MessageListener<String, String>)
              record -> sink.take(record.partition(), record.offset(), record.value());
      default ->
          (MessageListener<String, String>)
              (ConsumerRecord<String, String> record) -> sink.take(record.value());
    };
  }
}
