package io.drivetrain.connector.internal.outbound;

import io.drivetrain.schema.Encoded;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.settings.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Makes bytes of keys and values, and of the topic's name that which Kafka knows: with the
 * serializers that are configured, else by the topic's format. Thread-safe, as far as configured
 * serializers are.
 */
final class RecordEncoder {
  private final Settings root;
  private final Optional<Serializer<Object>> keySerializer;
  private final Optional<Serializer<Object>> valueSerializer;
  private final Map<String, TopicFormat> formats = new ConcurrentHashMap<>();

  /**
   * An encoder.
   *
   * @param root settings with the topics' formats
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
    TopicFormat format =
        formats.computeIfAbsent(record.topic(), topic -> TopicFormat.of(root, topic));
    // A serializer may add headers; the caller may send his record again.
    Headers headers = new RecordHeaders(record.headers());
    Encoded encoded =
        format.encodeOfChannel(
            serialized(keySerializer, format, headers, record.key()),
            serialized(valueSerializer, format, headers, record.value()));
    return new ProducerRecord<>(
        format.topic(),
        record.partition(),
        record.timestamp(),
        encoded.key(),
        encoded.value(),
        headers);
  }

  /** As it is, if it is bytes already or the topic's format has to encode it. */
  private static Object serialized(
      Optional<Serializer<Object>> serializer, TopicFormat format, Headers headers, Object object) {
    return object == null || object instanceof byte[] || serializer.isEmpty()
        ? object
        : serializer.get().serialize(format.topic(), headers, object);
  }
}
