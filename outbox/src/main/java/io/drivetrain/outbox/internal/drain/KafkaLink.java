package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.signal.Outages;
import io.drivetrain.outbox.internal.signal.WakeUp;
import io.drivetrain.schema.platform.Backoff;
import io.drivetrain.schema.platform.ContainerThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * One producer and what it knows of topics. Owned by a draining thread; a second thread asks Kafka
 * for topics not used before, because that call waits for seconds if a topic or the broker is not
 * there and other topics must not wait with it. After a failure that might let a later record
 * overtake an earlier one the whole link is discarded and a new one made.
 */
final class KafkaLink {
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Producer<byte[], byte[]> producer;
  private final String kafka;
  private final Outages outages;
  private final WakeUp wakeUp;
  private final LongSupplier clock;
  private final Thread asking;
  private final BlockingQueue<String> questions = new LinkedBlockingQueue<>();

  /** Written by the producer's thread. */
  private volatile boolean aborted;

  /** Guarded by this. */
  private final Map<String, Topic> topics = new HashMap<>();

  /** Guarded by the link. */
  private final class Topic {
    /** 0 until known. */
    private int partitions;

    private boolean asked;
    private long retryAt;
    private final Backoff backoff = new Backoff(SHORTEST_WAIT, LONGEST_WAIT);

    boolean mustWait(long now) {
      return partitions == 0 && (asked || retryAt - now > 0);
    }

    void failed() {
      partitions = 0;
      asked = false;
      retryAt = clock.getAsLong() + backoff.failed().toNanos();
    }
  }

  /**
   * @param name of the draining thread
   * @param kafka the address, for messages
   * @param wakeUp told when a topic becomes usable
   */
  KafkaLink(
      Producer<byte[], byte[]> producer,
      String name,
      String kafka,
      Outages outages,
      WakeUp wakeUp,
      ContainerThreads threads,
      LongSupplier clock) {
    this.producer = producer;
    this.kafka = kafka;
    this.outages = outages;
    this.wakeUp = wakeUp;
    this.clock = clock;
    this.asking = threads.newThread(name + "-topics", this::ask);
    asking.start();
  }

  Producer<byte[], byte[]> producer() {
    return producer;
  }

  /** Topics whose rows need not be read now. */
  synchronized List<String> unusable() {
    long now = clock.getAsLong();
    List<String> names = new ArrayList<>();
    topics.forEach(
        (name, topic) -> {
          if (topic.mustWait(now)) {
            names.add(name);
          }
        });
    return names;
  }

  /** How many partitions a topic has; 0 if it is not known, and then it is asked for. */
  synchronized int partitions(String name) {
    Topic topic = topics.computeIfAbsent(name, unknown -> new Topic());
    if (topic.partitions == 0 && !topic.mustWait(clock.getAsLong())) {
      topic.asked = true;
      questions.add(name);
    }
    return topic.partitions;
  }

  /** No row waits for any topic: whatever was wrong with one no longer matters. */
  synchronized void nothingWaits() {
    topics
        .entrySet()
        .removeIf(
            entry -> {
              boolean failed = entry.getValue().partitions == 0 && !entry.getValue().asked;
              if (failed) {
                outages.forget("topic " + entry.getKey());
              }
              return failed;
            });
  }

  /** Kafka takes nothing for a topic; its rows wait and it is asked for again. */
  synchronized void failed(String name, String problem) {
    outages.begin("topic " + name, "topic " + name + ": " + problem);
    topics.computeIfAbsent(name, unknown -> new Topic()).failed();
  }

  /**
   * Sends nothing more. Called by the producer's own thread, which must not wait for itself;
   * whoever owns the link discards it later.
   */
  void abort() {
    aborted = true;
    producer.close(Duration.ZERO);
  }

  /** Whether nothing can be sent any more. */
  boolean isAborted() {
    return aborted;
  }

  /** Gives up what is under way, at once; records already on the wire may still arrive. */
  void discard() {
    asking.interrupt();
    producer.close(Duration.ZERO);
  }

  private void ask() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        ask(questions.take());
      }
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt(); // the link is discarded
    }
  }

  private void ask(String name) {
    try {
      List<PartitionInfo> partitions = producer.partitionsFor(name);
      for (PartitionInfo partition : partitions) {
        if (partition.leader() == null || partition.leader().isEmpty()) {
          failed(name, "partition " + partition.partition() + " has no leader");
          return;
        }
      }
      usable(name, partitions.size());
    } catch (InterruptException e) {
      throw e;
    } catch (TimeoutException e) {
      // The producer knows why only if a broker has told it.
      if (e.getCause() != null && !(e.getCause() instanceof TimeoutException)) {
        failed(name, sentence(e.getCause()));
      } else {
        kafkaAway(name, "does not answer");
      }
    } catch (TopicAuthorizationException e) {
      failed(name, sentence(e));
    } catch (InvalidTopicException e) {
      // Not in one clause with the above: the compiler would name their nearest common class, which
      // older clients do not put between them, and the JVM would refuse this class there.
      failed(name, sentence(e));
    } catch (AuthorizationException e) {
      kafkaAway(name, "refuses this client: " + sentence(e));
    } catch (KafkaException e) {
      kafkaAway(name, "cannot be used: " + sentence(e));
    } catch (IllegalStateException e) {
      kafkaAway(name, "cannot be used: the producer is closed");
    } catch (RuntimeException | Error e) {
      // Also an Error: without this thread the topic would be asked for ever.
      kafkaAway(name, "cannot be used: " + e);
    }
  }

  private synchronized void usable(String name, int partitions) {
    Topic topic = topics.get(name);
    topic.partitions = partitions;
    topic.asked = false;
    topic.backoff.succeeded();
    outages.end("topic " + name);
    outages.end(kafka);
    // Others may wait only because Kafka was away.
    topics.values().forEach(other -> other.retryAt = Math.min(other.retryAt, clock.getAsLong()));
    wakeUp.signal();
  }

  private synchronized void kafkaAway(String name, String problem) {
    outages.begin(kafka, kafka + " " + problem);
    topics.get(name).failed();
  }

  private static String sentence(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
