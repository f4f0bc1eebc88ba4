package io.drivetrain.connector.internal.outbound;

import io.drivetrain.connector.internal.MapConfig;
import io.drivetrain.schema.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/** A sender whose Kafka is a mock; the test says what becomes of each send. */
final class MockSender {
  private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
  private final RecordSender sender;

  MockSender() {
    this(Optional.empty());
  }

  MockSender(Optional<Serializer<Object>> valueSerializer) {
    this.sender =
        new RecordSender(
            "channel out",
            this::newProducer,
            Duration.ofSeconds(10),
            Settings.of(MapConfig.of()),
            Optional.empty(),
            valueSerializer);
  }

  private MockProducer<byte[], byte[]> newProducer() {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    producers.add(producer);
    return producer;
  }

  RecordSender sender() {
    return sender;
  }

  List<MockProducer<byte[], byte[]>> producers() {
    return producers;
  }

  /** The latest producer. */
  MockProducer<byte[], byte[]> producer() {
    return producers.get(producers.size() - 1);
  }

  /** The latest record the latest producer got. */
  ProducerRecord<byte[], byte[]> sent() {
    List<ProducerRecord<byte[], byte[]>> history = producer().history();
    return history.get(history.size() - 1);
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
