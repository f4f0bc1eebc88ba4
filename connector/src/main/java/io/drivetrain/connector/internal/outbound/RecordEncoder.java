package io.drivetrain.connector.internal.outbound;

import io.drivetrain.schema.Codec;
import io.drivetrain.schema.Codecs;
import io.drivetrain.schema.Keys;
import io.drivetrain.schema.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Makes bytes of keys and values: with the serializers that are configured, else plain keys and
 * values by their topic's codec. Thread-safe, as far as configured serializers are.
 */
final class RecordEncoder {
  private final Settings root;
  private final Optional<Serializer<Object>> keySerializer;
  private final Optional<Serializer<Object>> valueSerializer;
  private final Map<String, Codec> codecs = new ConcurrentHashMap<>();

  /**
   * An encoder.
   *
   * @param root settings with the topics' codecs
   */
  RecordEncoder(
      Settings root,
      Optional<Serializer<Object>> keySerializer,
      Optional<Serializer<Object>> valueSerializer) {
    this.root = root;
    this.keySerializer = keySerializer;
    this.valueSerializer = valueSerializer;
  }

  /**
   * Encodes; the record given stays as it is.
   *
   * @throws RuntimeException if key or value cannot be encoded
   */
  ProducerRecord<byte[], byte[]> encode(ProducerRecord<?, ?> record) {
    String topic = record.topic();
    // A serializer may add headers; the caller may send his record again.
    Headers headers = new RecordHeaders(record.headers());
    return new ProducerRecord<>(
        topic,
        record.partition(),
        record.timestamp(),
        key(topic, headers, record.key()),
        value(topic, headers, record.value()),
        headers);
  }

  private byte[] key(String topic, Headers headers, Object key) {
    if (key == null || key instanceof byte[]) {
      return (byte[]) key;
    }
    return keySerializer
        .map(serializer -> serializer.serialize(topic, headers, key))
        .orElseGet(() -> Keys.encode(topic, key));
  }

  private byte[] value(String topic, Headers headers, Object value) {
    if (value == null || value instanceof byte[]) {
      return (byte[]) value;
    }
    if (valueSerializer.isPresent()) {
      return valueSerializer.get().serialize(topic, headers, value);
    }
    if (value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    return codecs.computeIfAbsent(topic, name -> Codecs.ofTopic(root, name)).encode(topic, value);
  }
}
