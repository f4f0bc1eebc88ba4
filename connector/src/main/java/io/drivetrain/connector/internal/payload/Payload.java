package io.drivetrain.connector.internal.payload;

import io.drivetrain.connector.BatchParameter;
import io.drivetrain.connector.UndecodableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

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

  Payload(
      boolean batch, Optional<BatchParameter<?>> custom, RecordDecoder decoder, KeyDecoder keys) {
    this.batch = batch;
    this.custom = custom;
    this.decoder = decoder;
    this.keys = keys;
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
