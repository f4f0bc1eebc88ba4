package io.drivetrain.connector;

import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * What the calling thread is processing: one record, or the batch of one partition. Inject it
 * anywhere; every call outside a delivery is an {@link IllegalStateException}. A delivery belongs
 * to the thread that runs the consumer method; take {@link #snapshot()} along into asynchronous
 * work.
 */
public interface Delivery {

  /** The channel's name, without a worker suffix. */
  String channel();

  /** The topic the records came from. */
  String topic();

  /** The partition the records came from. */
  int partition();

  /** The offset of the record, or of the first record of the batch. */
  long firstOffset();

  /** The offset of the record, or of the last record of the batch. */
  long lastOffset();

  /** How many records this delivery holds. */
  int size();

  /** The key of the (first) record as Kafka holds it, empty if it has none. */
  Optional<byte[]> key();

  /** The headers of the (first) record. */
  Headers headers();

  /** The timestamp of the (first) record. */
  Instant timestamp();

  /** 1 for the first delivery of the (first) record, one more after each failure. */
  int attempt();

  /** Why the previous attempt failed, empty at the first. */
  Optional<Throwable> lastFailure();

  /** As {@link #produce(ProducerRecord)}, of a record without headers, to the key's partition. */
  default void produce(String topic, Object key, Object value) {
    produce(new ProducerRecord<>(topic, key, value));
  }

  /**
   * Sends a record that belongs to this delivery: the delivery is done, and its offset may be
   * committed, only when Kafka has confirmed the record; if Kafka does not, this attempt has
   * failed, and nothing else has. Returns when Kafka's client has taken the record, which may be
   * stored before the consumer method ends. What a failed attempt has sent stays sent, so its next
   * attempt may send it twice.
   *
   * <p>Keys are text, numbers, UUIDs or {@code byte[]}; values are {@code byte[]}, text, or encoded
   * by the topic's codec. A null value is a tombstone.
   *
   * @throws io.drivetrain.schema.CodecException if key or value cannot be encoded; the attempt has
   *     failed, also if this is caught
   * @throws IllegalStateException of a {@link #snapshot}, which belongs to no thread: a send from
   *     elsewhere is one of {@link KafkaSender}
   */
  void produce(ProducerRecord<?, ?> record);

  /** An immutable copy that stays valid on any thread; it cannot {@link #produce}. */
  Delivery snapshot();
}
