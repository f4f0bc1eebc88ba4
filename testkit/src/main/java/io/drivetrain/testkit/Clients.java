package io.drivetrain.testkit;

import io.drivetrain.testkit.internal.Patience;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The testkit's own admin client and producer of a broker or a cluster. Thread-safe. */
final class Clients implements AutoCloseable {
  private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);

  /** After which a frozen broker is taken for dead and the next leader asked. */
  private static final Duration REQUEST_BOUND = Duration.ofSeconds(5);

  private final String bootstrapServers;

  // Both guarded by this; made at first use.
  private Admin admin;
  private Producer<byte[], byte[]> producer;

  Clients(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  synchronized Admin admin() {
    if (admin == null) {
      admin =
          Admin.create(
              Map.of(
                  "bootstrap.servers",
                  bootstrapServers,
                  "client.id",
                  "testkit",
                  "reconnect.backoff.max.ms",
                  200,
                  "default.api.timeout.ms",
                  (int) ANSWER_BOUND.toMillis()));
    }
    return admin;
  }

  synchronized Producer<byte[], byte[]> producer() {
    if (producer == null) {
      producer =
          new KafkaProducer<>(
              Map.of(
                  "bootstrap.servers",
                  bootstrapServers,
                  "client.id",
                  "testkit",
                  "acks",
                  "all",
                  "reconnect.backoff.max.ms",
                  200,
                  "delivery.timeout.ms",
                  (int) ANSWER_BOUND.toMillis(),
                  "request.timeout.ms",
                  (int) REQUEST_BOUND.toMillis()),
              new ByteArraySerializer(),
              new ByteArraySerializer());
    }
    return producer;
  }

  /** Creates a topic with as many replicas as the broker's default says. */
  Topic topic(String name, int partitions, Map<String, String> config) {
    NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(config);
    answer("create topic " + name, admin().createTopics(List.of(topic)).all());
    awaitLeaders(name, partitions);
    return new Topic(this, name);
  }

  Topic newTopic(String prefix, int partitions) {
    return topic(prefix + "-" + UUID.randomUUID().toString().substring(0, 8), partitions, Map.of());
  }

  /**
   * Waits until the leaders answer as leaders. Metadata names them a moment earlier; a producer
   * whose first request they refuse and whose second they take is out of order for ever.
   */
  private void awaitLeaders(String name, int partitions) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      ends.put(new TopicPartition(name, partition), OffsetSpec.latest());
    }
    boolean ready =
        Patience.await(
            ANSWER_BOUND,
            () -> {
              try {
                admin().listOffsets(ends).all().get(ANSWER_BOUND.toMillis(), TimeUnit.MILLISECONDS);
                return true;
              } catch (ExecutionException | TimeoutException notYet) {
                return false;
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
              }
            });
    if (!ready) {
      throw new IllegalStateException("topic " + name + " has no leaders yet");
    }
  }

  /** The result of an admin call, waited for with a bound. */
  static <T> T answer(String what, KafkaFuture<T> future) {
    try {
      return future.get(ANSWER_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(what + ": " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          what + ": no answer in " + ANSWER_BOUND.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(what + ": interrupted", e);
    }
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
    if (admin != null) {
      admin.close(Duration.ZERO);
      admin = null;
    }
  }
}
