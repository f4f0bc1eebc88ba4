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
import org.eclipse.microprofile.reactive.messaging.Message;

/** Makes the record of a message. Thread-safe, as far as configured serializers are. */
final class RecordEncoder {

  /**
   * Whether a message class has an {@code unwrap} of its own: asking one that has not costs an
   * exception per message.
   */
  private static final ClassValue<Boolean> UNWRAPS =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          try {
            return type.getMethod("unwrap", Class.class).getDeclaringClass() != Message.class;
          } catch (NoSuchMethodException e) {
            return false;
          }
        }
      };

  private final String topic;
  private final Settings root;
  private final Optional<Serializer<Object>> keySerializer;
  private final Optional<Serializer<Object>> valueSerializer;
  private final Map<String, Codec> codecs = new ConcurrentHashMap<>();

  RecordEncoder(
      String topic,
      Settings root,
      Optional<Serializer<Object>> keySerializer,
      Optional<Serializer<Object>> valueSerializer) {
    this.topic = topic;
    this.root = root;
    this.keySerializer = keySerializer;
    this.valueSerializer = valueSerializer;
  }

  /**
   * Encodes.
   *
   * @throws RuntimeException if the message cannot become a record; it is refused with it
   */
  ProducerRecord<byte[], byte[]> encode(Message<?> message) {
    Object payload = message.getPayload();
    if (payload instanceof ProducerRecord<?, ?> record) {
      return encoded(record);
    }
    Optional<ProducerRecord<?, ?>> unwrapped = unwrapped(message);
    if (unwrapped.isPresent()) {
      return encoded(unwrapped.get());
    }
    // A serializer may add headers.
    Headers headers = new RecordHeaders();
    byte[] value = value(topic, headers, payload);
    return new ProducerRecord<>(topic, null, null, null, value, headers);
  }

  private static Optional<ProducerRecord<?, ?>> unwrapped(Message<?> message) {
    if (!UNWRAPS.get(message.getClass())) {
      return Optional.empty();
    }
    try {
      return Optional.of(message.unwrap(ProducerRecord.class));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private ProducerRecord<byte[], byte[]> encoded(ProducerRecord<?, ?> record) {
    return new ProducerRecord<>(
        record.topic(),
        record.partition(),
        record.timestamp(),
        key(record.topic(), record.headers(), record.key()),
        value(record.topic(), record.headers(), record.value()),
        record.headers());
  }

  private byte[] key(String target, Headers headers, Object key) {
    if (key == null || key instanceof byte[]) {
      return (byte[]) key;
    }
    return keySerializer
        .map(serializer -> serializer.serialize(target, headers, key))
        .orElseGet(() -> Keys.encode(target, key));
  }

  private byte[] value(String target, Headers headers, Object value) {
    if (value == null || value instanceof byte[]) {
      return (byte[]) value;
    }
    if (valueSerializer.isPresent()) {
      return valueSerializer.get().serialize(target, headers, value);
    }
    if (value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    return codecs.computeIfAbsent(target, name -> Codecs.ofTopic(root, name)).encode(target, value);
  }
}
