package io.drivetrain.connector.internal.payload;

import io.drivetrain.connector.UndecodableException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes a payload of a record. One lane's thread uses it. */
@FunctionalInterface
interface RecordDecoder {

  /**
   * Decodes.
   *
   * @return never null
   * @throws UndecodableException if the record cannot become what is asked for
   */
  Object decode(ConsumerRecord<byte[], byte[]> record);

  /** The same record with other types. */
  static ConsumerRecord<Object, Object> copy(
      ConsumerRecord<byte[], byte[]> record, Object key, Object value) {
    return new ConsumerRecord<>(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.timestampType(),
        record.serializedKeySize(),
        record.serializedValueSize(),
        key,
        value,
        record.headers(),
        record.leaderEpoch());
  }
}
