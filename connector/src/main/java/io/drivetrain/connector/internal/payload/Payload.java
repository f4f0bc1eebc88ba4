package io.drivetrain.connector.internal.payload;

import io.drivetrain.connector.BatchParameter;
import io.drivetrain.connector.UndecodableException;
import io.drivetrain.connector.internal.metadata.MessageMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Makes the payloads of one lane; the lane's thread owns it. */
public final class Payload {

  /**
   * A decoded batch.
   *
   * @param payload what the method takes; null if not even the first record can be decoded
   * @param size how many records it holds
   * @param undecodable why the record after them cannot be decoded, null if all can
   */
  public record Batch(Object payload, int size, RuntimeException undecodable) {}

  private final boolean batch;
  private final Optional<BatchParameter<?>> custom;
  private final RecordDecoder decoder;
  private final KeyDecoder keys;
  private final MessageMetadata metadata;

  Payload(
      boolean batch, Optional<BatchParameter<?>> custom, RecordDecoder decoder, KeyDecoder keys) {
    this(batch, custom, decoder, keys, MessageMetadata.NONE);
  }

  private Payload(
      boolean batch,
      Optional<BatchParameter<?>> custom,
      RecordDecoder decoder,
      KeyDecoder keys,
      MessageMetadata metadata) {
    this.batch = batch;
    this.custom = custom;
    this.decoder = decoder;
    this.keys = keys;
    this.metadata = metadata;
  }

  /** The same; the messages of single records have metadata. */
  public Payload with(MessageMetadata messageMetadata) {
    return new Payload(batch, custom, decoder, keys, messageMetadata);
  }

  /** Whether the method takes many records at once. */
  public boolean isBatch() {
    return batch;
  }

  /**
   * The payload of one record.
   *
   * @throws UndecodableException if it has none
   */
  public Object decode(ConsumerRecord<byte[], byte[]> record) {
    return decoder.decode(record);
  }

  /**
   * The message of one record as the runtime is to see it.
   *
   * @throws UndecodableException if its metadata needs a key that cannot be decoded
   */
  public Message<?> shown(
      Message<?> message, String channel, ConsumerRecord<byte[], byte[]> record) {
    return metadata == MessageMetadata.NONE
        ? message
        : metadata.attach(message, channel, typedRecord(record, message.getPayload()));
  }

  /** The payload of as many of the records as can be decoded, from the first on. */
  public Batch decode(String channel, List<ConsumerRecord<byte[], byte[]>> records) {
    if (custom.isPresent()) {
      return new Batch(custom.get().of(channel, List.copyOf(records)), records.size(), null);
    }
    List<Object> values = new ArrayList<>(records.size());
    for (int i = 0; i < records.size(); i++) {
      try {
        values.add(decoder.decode(records.get(i)));
      } catch (RuntimeException e) {
        return new Batch(i == 0 ? null : values, i, e);
      }
    }
    return new Batch(values, records.size(), null);
  }

  /**
   * The record behind a single payload, with key and value decoded: for those who unwrap it from a
   * message.
   */
  public ConsumerRecord<?, ?> typedRecord(ConsumerRecord<byte[], byte[]> record, Object payload) {
    if (batch) {
      throw new IllegalArgumentException("a batch holds many ConsumerRecords; take a List of them");
    }
    if (payload instanceof ConsumerRecord<?, ?> typed) {
      return typed;
    }
    Object value = payload instanceof Optional<?> optional ? optional.orElse(null) : payload;
    return RecordDecoder.copy(record, keys.decode(record), value);
  }
}
