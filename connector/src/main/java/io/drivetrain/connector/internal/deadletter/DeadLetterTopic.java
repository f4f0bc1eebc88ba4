package io.drivetrain.connector.internal.deadletter;

import io.drivetrain.connector.internal.outbound.ProducerHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Where a channel's dead letters go; its producer is made for the first one. Thread-safe. */
public final class DeadLetterTopic {
  private final String channel;
  private final String group;
  private final String topic;
  private final ProducerHandle producer;

  /**
   * A topic to which nothing was sent yet.
   *
   * @param group the channel's consumer group
   * @param producers makes the Kafka producer; it bounds how long a send may take
   */
  public DeadLetterTopic(
      String channel, String group, String topic, Supplier<Producer<byte[], byte[]>> producers) {
    this.channel = channel;
    this.group = group;
    this.topic = topic;
    this.producer = new ProducerHandle("dead letters of channel " + channel, producers);
  }

  /** The topic's name. */
  public String name() {
    return topic;
  }

  /**
   * How far {@link #send} came.
   *
   * @param stored how many of the records, from the first on, are stored for certain
   * @param failure why the one after them is not, null if all are
   */
  public record Sent(int stored, Throwable failure) {}

  /**
   * Sends records and waits until Kafka has confirmed them. An interrupt ends the waiting and stays
   * set.
   *
   * @param failure why they were given up
   * @param attempts how often they were delivered
   */
  public Sent send(List<ConsumerRecord<byte[], byte[]>> records, Throwable failure, int attempts) {
    List<Future<RecordMetadata>> sends = new ArrayList<>(records.size());
    AtomicBoolean failed = new AtomicBoolean();
    Throwable refused = null;
    try {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        ProducerRecord<byte[], byte[]> letter = letter(record, failure, attempts);
        sends.add(producer.send(letter, (metadata, e) -> failed.compareAndSet(false, e != null)));
        if (failed.get()) {
          // Each further send to a topic that is away could wait as long as this one.
          break;
        }
      }
    } catch (RuntimeException e) {
      refused = e;
    }
    int stored = 0;
    try {
      for (Future<RecordMetadata> send : sends) {
        send.get();
        stored++;
      }
      return new Sent(stored, refused);
    } catch (ExecutionException e) {
      return new Sent(stored, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Sent(stored, e);
    }
  }

  private ProducerRecord<byte[], byte[]> letter(
      ConsumerRecord<byte[], byte[]> record, Throwable failure, int attempts) {
    // With a time stamp of its own: with the record's, a topic that keeps letters for a week would
    // delete that of an older record at once.
    return new ProducerRecord<>(
        topic,
        null,
        null,
        record.key(),
        record.value(),
        DeadLetterHeaders.of(record, failure, attempts, channel, group));
  }

  /** Ends the producer; what waits for a confirmation fails at once. */
  public void close() {
    producer.close(Duration.ZERO);
  }
}
