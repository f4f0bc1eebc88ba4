package io.drivetrain.connector.internal.deadletter;

import io.drivetrain.connector.DeadLetter;
import io.drivetrain.connector.Replay;
import io.drivetrain.connector.ReplayRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** Reads the dead letters of one channel and sends them back. Thread-safe; one replay at a time. */
public final class Replays {
  private static final Duration PEEK_TIMEOUT = Duration.ofSeconds(10);

  private final String channel;
  private final String group;
  private final String topic;
  private final Predicate<String> reads;
  private final Clients clients;
  private final ReentrantLock running = new ReentrantLock();

  /**
   * What makes Kafka's clients; each is closed after the call it was made for.
   *
   * @param letters consumers of dead letters, in the group of replays
   * @param origins consumers that ask about the topics of origin
   * @param senders producers to the topics of origin; they bound how long a send may take
   */
  public record Clients(
      Supplier<Consumer<byte[], byte[]>> letters,
      Supplier<Consumer<byte[], byte[]>> origins,
      Supplier<Producer<byte[], byte[]>> senders) {}

  /**
   * The replays of a channel.
   *
   * @param group the channel's consumer group
   * @param topic its dead-letter topic
   * @param reads whether it reads a topic
   */
  public Replays(
      String channel, String group, String topic, Predicate<String> reads, Clients clients) {
    this.channel = channel;
    this.group = group;
    this.topic = topic;
    this.reads = reads;
    this.clients = clients;
  }

  /** The dead-letter topic. */
  public String topic() {
    return topic;
  }

  /** See {@link io.drivetrain.connector.DeadLetters#peek}. */
  public List<DeadLetter> peek(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max is " + max + "; expected 1 or more");
    }
    try (LetterReader reader = new LetterReader(clients.letters().get(), topic, PEEK_TIMEOUT)) {
      reader.look();
      return reader.first(max).stream().map(ReplayRules::read).toList();
    } catch (KafkaException e) {
      throw new IllegalStateException("topic " + topic + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** See {@link io.drivetrain.connector.DeadLetters#replay(String, ReplayRequest)}. */
  public Replay replay(ReplayRequest request) {
    if (!running.tryLock()) {
      throw new IllegalStateException(
          "the dead letters of channel " + channel + " are replayed already");
    }
    try {
      ReplayRules rules = new ReplayRules(channel, group, reads, request);
      return new ReplayCall(clients, topic, rules, request).run();
    } finally {
      running.unlock();
    }
  }
}
