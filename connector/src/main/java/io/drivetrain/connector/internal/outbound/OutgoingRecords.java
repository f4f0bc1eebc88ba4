package io.drivetrain.connector.internal.outbound;

import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.metadata.MessageMetadata;
import io.drivetrain.connector.internal.metadata.OutgoingMetadata;
import io.drivetrain.connector.internal.settings.OutgoingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Makes the record, not yet encoded, of a message of one channel. Immutable. */
final class OutgoingRecords {

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

  private final OutgoingSettings settings;
  private final Integer partition;
  private final MessageMetadata metadata = MessageMetadata.find();

  OutgoingRecords(OutgoingSettings settings) {
    this.settings = settings;
    this.partition = settings.partition().orElse(null);
  }

  /**
   * The record that the message carries, as it is, or one of the message's payload.
   *
   * @param delivery what the calling thread processes, null if nothing
   */
  ProducerRecord<?, ?> of(Message<?> message, LiveDelivery delivery) {
    Object payload = message.getPayload();
    if (payload instanceof ProducerRecord<?, ?> record) {
      return record;
    }
    Optional<ProducerRecord<?, ?>> unwrapped = unwrapped(message);
    if (unwrapped.isPresent()) {
      return unwrapped.get();
    }
    Optional<ConsumerRecord<byte[], byte[]>> source =
        delivery == null || !settings.propagates() ? Optional.empty() : delivery.singleRecord();
    Optional<OutgoingMetadata> said = metadata.of(message);
    return said.isPresent()
        ? record(said.get(), payload, source)
        : new ProducerRecord<>(
            settings.topic(), partition, null, key(source), payload, headers(source));
  }

  /** What the message says counts for more than the configuration; headers add up. */
  private ProducerRecord<?, ?> record(
      OutgoingMetadata said, Object payload, Optional<ConsumerRecord<byte[], byte[]>> source) {
    ProducerRecord<Object, Object> record =
        new ProducerRecord<>(
            said.topic() == null ? settings.topic() : said.topic(),
            said.partition() == null ? partition : said.partition(),
            said.timestamp() == null ? null : (Long) said.timestamp().toEpochMilli(),
            said.key() == null ? key(source) : said.key(),
            payload,
            headers(source));
    if (said.headers() != null) {
      said.headers().forEach(record.headers()::add);
    }
    return record;
  }

  private Object key(Optional<ConsumerRecord<byte[], byte[]>> source) {
    return settings.propagateRecordKey() && source.isPresent() && source.get().key() != null
        ? source.get().key()
        : settings.key().orElse(null);
  }

  /** All of a name, in their order: a name may occur more than once. */
  private List<Header> headers(Optional<ConsumerRecord<byte[], byte[]>> source) {
    if (source.isEmpty() || settings.propagateHeaders().isEmpty()) {
      return List.of();
    }
    List<Header> headers = new ArrayList<>();
    for (Header header : source.get().headers()) {
      if (settings.propagateHeaders().contains(header.key())) {
        headers.add(header);
      }
    }
    return headers;
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
}
