package io.drivetrain.connector;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Sends records without a channel, from anywhere: REST resources, timers, {@code @PreDestroy}.
 * Inject it. Thread-safe; all of an application's sends without a channel go through one producer,
 * made at the first of them and flushed when the application stops.
 *
 * <p>Keys are text, numbers, UUIDs or {@code byte[]}; values are {@code byte[]}, text, or encoded
 * by the topic's codec. A null value is a tombstone.
 *
 * <p>These sends stand alone: a consumer method that makes some is done, and its record committed,
 * whatever becomes of them, and they fail nobody but their caller. Sends that belong to the record
 * being processed are those of {@link Delivery#produce} and of emitters.
 */
public interface KafkaSender {

  /** As {@link #send(ProducerRecord)}, of a record without headers, to the key's partition. */
  default RecordMetadata send(String topic, Object key, Object value) {
    return send(new ProducerRecord<>(topic, key, value));
  }

  /**
   * Sends, and returns when Kafka has confirmed it. That may take {@code max.block.ms} and then
   * {@code delivery.timeout.ms} of the producer, 60 and 120 seconds unless set.
   *
   * @return where it is stored
   * @throws SendFailedException if Kafka did not confirm it, or the thread was interrupted
   * @throws io.drivetrain.schema.CodecException if key or value cannot be encoded
   * @throws IllegalStateException after the application has stopped; also within a stage of {@link
   *     #sendAsync}, which would wait for itself
   */
  RecordMetadata send(ProducerRecord<?, ?> record);

  /** As {@link #sendAsync(ProducerRecord)}, of a record without headers, to the key's partition. */
  default CompletionStage<RecordMetadata> sendAsync(String topic, Object key, Object value) {
    return sendAsync(new ProducerRecord<>(topic, key, value));
  }

  /**
   * Sends, and returns when Kafka's client has taken it: at once, but for up to {@code
   * max.block.ms} while the client does not know the topic yet or has no memory left. Sends to one
   * partition are stored in the order of their calls.
   *
   * @return where it is stored; fails as {@link #send} would. Its dependent stages run on a thread
   *     of Kafka's client, which sends nothing meanwhile: let them be short, or use those that end
   *     in {@code Async}
   */
  CompletionStage<RecordMetadata> sendAsync(ProducerRecord<?, ?> record);

  /**
   * Runs a block, and returns when everything is confirmed that the block sent by {@link
   * #sendAsync} on this thread. All sends are awaited, also when one has failed, and when the block
   * throws. A block within a block awaits its own.
   *
   * @throws SendFailedException if any was not confirmed; the cause is that of the first to fail,
   *     and further ones, up to 100, are suppressed. If the block itself throws, that is thrown,
   *     with these suppressed
   * @throws IllegalStateException within a stage of {@link #sendAsync}, which would wait for itself
   */
  void awaitAll(Runnable block);
}
