package io.drivetrain.tests.benchmark.outbox;

import io.drivetrain.outbox.internal.drain.ProducerProperties;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;

/** The producer that all contenders send with. */
final class Kafka {
  private Kafka() {}

  static Map<String, Object> properties(Site site) {
    Map<String, Object> properties = new HashMap<>(ProducerProperties.defaults(1 << 20));
    properties.putAll(ProducerProperties.FIXED);
    properties.put("bootstrap.servers", site.bootstrapServers());
    return properties;
  }

  static KafkaProducer<byte[], byte[]> producer(Site site) {
    Map<String, Object> properties = properties(site);
    // A machine that is busy starting others must not end the race.
    properties.put("max.block.ms", 60_000);
    KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties);
    producer.partitionsFor(site.topic());
    return producer;
  }
}
