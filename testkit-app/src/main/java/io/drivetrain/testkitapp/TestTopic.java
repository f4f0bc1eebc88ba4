package io.drivetrain.testkitapp;

import io.drivetrain.schema.Encoded;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.testkitapp.internal.PlainValue;
import io.drivetrain.testkitapp.internal.kafka.MemoryBroker;
import io.drivetrain.testkitapp.internal.kafka.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A topic in memory, as another application would use it. Values are encoded as by an outgoing
 * channel: {@code byte[]} as they are, text as UTF-8, anything else by the topic's codec; null is a
 * tombstone. Thread-safe.
 */
public final class TestTopic {
  private final MemoryBroker broker;
  private final String name;

  TestTopic(MemoryBroker broker, String name) {
    this.broker = broker;
    this.name = name;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Stores a record. */
  public SentRecord send(Object key, Object value) {
    return send(new ProducerRecord<>(name, key, value));
  }

  /** Stores a record with headers. */
  public SentRecord send(Object key, Object value, Map<String, String> headers) {
    return send(record(name, key, value, headers));
  }

  /** Stores a record without a value. */
  public SentRecord tombstone(Object key) {
    return send(key, null);
  }

  /** Stores a record, which may say its partition, timestamp and headers. */
  public SentRecord send(ProducerRecord<?, ?> record) {
    return new SentRecord(store(broker, List.of(record)).get(0));
  }

  /** Everything in it, whoever sent it, by partition and offset. */
  public List<SentRecord> records() {
    return broker.records(PlainValue.format(name).topic()).stream().map(SentRecord::new).toList();
  }

  static ProducerRecord<Object, Object> record(
      String topic, Object key, Object value, Map<String, String> headers) {
    RecordHeaders all = new RecordHeaders();
    headers.forEach((header, text) -> all.add(header, text.getBytes(StandardCharsets.UTF_8)));
    return new ProducerRecord<>(topic, null, key, value, all);
  }

  static List<StoredRecord> store(
      MemoryBroker broker, List<? extends ProducerRecord<?, ?>> records) {
    return broker.append(records.stream().map(TestTopic::encoded).toList(), false);
  }

  private static ProducerRecord<byte[], byte[]> encoded(ProducerRecord<?, ?> record) {
    TopicFormat format = PlainValue.format(record.topic());
    Encoded encoded = format.encodeOfChannel(record.key(), record.value());
    return new ProducerRecord<>(
        format.topic(),
        record.partition(),
        record.timestamp(),
        encoded.key(),
        encoded.value(),
        record.headers());
  }
}
