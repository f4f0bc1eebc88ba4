package io.drivetrain.testkitapp.internal.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What a producer does, behind the {@code Producer} that {@link MemoryClients} makes of it. A send
 * is confirmed or refused before it returns. Thread-safe.
 */
final class MemoryProducer {
  private final MemoryBroker broker;

  MemoryProducer(MemoryBroker broker) {
    this.broker = broker;
  }

  Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    return send(record, (metadata, failure) -> {});
  }

  Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    StoredRecord stored;
    try {
      stored = broker.append(List.of(record), true).get(0);
    } catch (RuntimeException e) {
      callback.onCompletion(null, e);
      return CompletableFuture.failedFuture(e);
    }
    RecordMetadata metadata =
        new RecordMetadata(
            new TopicPartition(stored.topic(), stored.partition()),
            stored.offset(),
            0,
            stored.timestamp(),
            stored.key() == null ? -1 : stored.key().length,
            stored.value() == null ? -1 : stored.value().length);
    callback.onCompletion(metadata, null);
    return CompletableFuture.completedFuture(metadata);
  }

  void flush() {
    // Nothing waits.
  }

  Map<?, ?> metrics() {
    return Map.of();
  }

  void close() {
    // Nothing is held.
  }

  void close(Duration timeout) {
    // Nothing is held.
  }
}
