package io.drivetrain.testkitapp.internal.kafka;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A record in memory. Its arrays must not be changed.
 *
 * @param key null for none
 * @param value null for a tombstone
 * @param timestamp in milliseconds
 * @param sent whether the application sent it, not the test
 */
public record StoredRecord(
    String topic,
    int partition,
    long offset,
    byte[] key,
    byte[] value,
    Headers headers,
    long timestamp,
    boolean sent) {

  static StoredRecord of(
      ProducerRecord<byte[], byte[]> record, int partition, long offset, long now, boolean sent) {
    return new StoredRecord(
        record.topic(),
        partition,
        offset,
        record.key(),
        record.value(),
        new RecordHeaders(record.headers().toArray()),
        record.timestamp() == null ? now : record.timestamp(),
        sent);
  }

  /** As Kafka's consumer gives it, with headers of its own. */
  ConsumerRecord<byte[], byte[]> toConsumerRecord() {
    return new ConsumerRecord<>(
        topic,
        partition,
        offset,
        timestamp,
        TimestampType.CREATE_TIME,
        key == null ? -1 : key.length,
        value == null ? -1 : value.length,
        key,
        value,
        new RecordHeaders(headers.toArray()),
        Optional.empty());
  }
}
