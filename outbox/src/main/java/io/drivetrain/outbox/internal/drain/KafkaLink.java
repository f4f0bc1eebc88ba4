package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.signal.Outages;
import io.drivetrain.outbox.internal.signal.WakeUp;
import io.drivetrain.schema.platform.ContainerThreads;
import java.time.Duration;
import java.util.List;
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
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * One producer and what it knows of topics. Owned by a draining thread; a second thread asks Kafka
 * for topics not used before, because that call waits for seconds if a topic or the broker is not
 * there and other topics must not wait with it. After a failure that might let a later record
 * overtake an earlier one the whole link is discarded and a new one made.
 */
final class KafkaLink {
  /** Whether the client may split a batch without end; see {@link BatchSize#stuck}. */
  static final boolean SPLITS_FOR_EVER =
      List.of("2", "3").contains(AppInfoParser.getVersion().split("[.]")[0]);

  private final Producer<byte[], byte[]> producer;
  private final String kafka;
  private final TopicStates topics;
  private final int number;
  private final Outages outages;
  private final WakeUp wakeUp;
  private final LongSupplier clock;
  private final Thread asking;
  private final BlockingQueue<String> questions = new LinkedBlockingQueue<>();

  /** Written by the producer's thread. */
  private volatile boolean aborted;

  /**
   * @param name of the draining thread
   * @param kafka the address, for messages
   * @param topics what is known of topics, also from the links before this one
   * @param wakeUp told when a topic becomes usable
   */
  KafkaLink(
      Producer<byte[], byte[]> producer,
      String name,
      String kafka,
      TopicStates topics,
      Outages outages,
      WakeUp wakeUp,
      ContainerThreads threads,
      LongSupplier clock) {
    this.producer = producer;
    this.kafka = kafka;
    this.topics = topics;
    this.number = topics.newProducer();
    this.outages = outages;
    this.wakeUp = wakeUp;
    this.clock = clock;
    this.asking = threads.newThread(name + "-topics", this::ask);
    asking.start();
  }

  Producer<byte[], byte[]> producer() {
    return producer;
  }

  /** Asks Kafka for topics; {@link TopicStates} will know the answers. */
  void ask(List<String> names) {
    questions.addAll(names);
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

  private void usable(String name, int partitions) {
    if (topics.described(number, name, partitions, clock.getAsLong())) {
      outages.endTopic(name);
    }
    outages.end(kafka);
    wakeUp.signal();
  }

  private void failed(String name, String problem) {
    outages.beginTopic(name, problem);
    topics.notDescribed(number, name, clock.getAsLong());
  }

  private void kafkaAway(String name, String problem) {
    outages.begin(kafka, kafka + " " + problem);
    topics.notDescribed(number, name, clock.getAsLong());
  }

  private static String sentence(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
