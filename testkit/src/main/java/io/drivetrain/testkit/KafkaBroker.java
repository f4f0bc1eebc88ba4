package io.drivetrain.testkit;

import io.drivetrain.testkit.internal.Patience;
import io.drivetrain.testkit.internal.Server;
import io.drivetrain.testkit.internal.Servers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A real Kafka broker that a test may take away and bring back: a process of its own on 127.0.0.1,
 * or a container. It keeps its address and its data until it is closed, and ends with the JVM that
 * started it, however that ends. Topics are not created by use; create them with {@link #topic}.
 * Thread-safe.
 */
public final class KafkaBroker implements AutoCloseable {
  private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);

  private final Server server;
  private final Optional<String> expectedClusterId;

  // Both guarded by this; made at first use.
  private Admin admin;
  private Producer<byte[], byte[]> producer;

  private KafkaBroker(Server server, Optional<String> expectedClusterId) {
    this.server = server;
    this.expectedClusterId = expectedClusterId;
  }

  /** A broker that is not started; its address is fixed already. */
  public static KafkaBroker create() {
    return create(Map.of());
  }

  /**
   * A broker that is not started; its address is fixed already.
   *
   * @param serverProperties entries of server.properties that replace or extend the testkit's
   */
  public static KafkaBroker create(Map<String, String> serverProperties) {
    Servers.Broker broker = Servers.broker(serverProperties);
    return new KafkaBroker(broker.server(), broker.clusterId());
  }

  /** A broker that serves. */
  public static KafkaBroker started() {
    KafkaBroker broker = create();
    broker.start();
    return broker;
  }

  /** What {@code bootstrap.servers} of a client is set to; the same for the broker's whole life. */
  public String bootstrapServers() {
    return server.address().toString();
  }

  /**
   * Starts it with the data it has and returns when it serves; does nothing if it runs.
   *
   * @throws IllegalStateException if it does not start; the message holds the end of its log
   */
  public synchronized void start() {
    if (server.isRunning()) {
      return;
    }
    server.start();
    expectedClusterId.ifPresent(this::checkIdentity);
  }

  /** Ends it cleanly (SIGTERM) and returns when it is gone. */
  public synchronized void stop() {
    server.stop();
  }

  /** Ends it as a crash would (SIGKILL) and returns when it is gone. */
  public synchronized void kill() {
    server.kill();
  }

  /** Ends it cleanly if it runs, and starts it with the same data at the same address. */
  public synchronized void restart() {
    stop();
    start();
  }

  /**
   * Freezes it (SIGSTOP): connections stay open and nothing is answered.
   *
   * @throws UnsupportedOperationException on Windows
   */
  public synchronized void suspend() {
    server.suspend();
  }

  /** Lets it go on after {@link #suspend()} (SIGCONT). */
  public synchronized void resume() {
    server.resume();
  }

  /** Whether it was started and is still there; also true while it is suspended. */
  public synchronized boolean isRunning() {
    return server.isRunning();
  }

  /** The process's id while it runs; empty for a container. */
  public synchronized OptionalLong pid() {
    return server.pid();
  }

  /**
   * A new topic.
   *
   * @throws IllegalStateException if the broker refuses it, for example because it exists
   */
  public Topic topic(String name, int partitions) {
    return topic(name, partitions, Map.of());
  }

  /**
   * A new topic.
   *
   * @param config topic settings, for example {@code cleanup.policy=compact}
   * @throws IllegalStateException if the broker refuses it, for example because it exists
   */
  public Topic topic(String name, int partitions, Map<String, String> config) {
    NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(config);
    answer("create topic " + name, admin().createTopics(java.util.List.of(topic)).all());
    awaitLeaders(name, partitions);
    return new Topic(this, name);
  }

  /** A new topic whose name no other test has: a prefix and random characters. */
  public Topic newTopic(String prefix, int partitions) {
    return topic(prefix + "-" + UUID.randomUUID().toString().substring(0, 8), partitions);
  }

  /** A topic that exists or that somebody will create. */
  public Topic existingTopic(String name) {
    return new Topic(this, name);
  }

  /** An admin client of this broker, closed with it. */
  public synchronized Admin admin() {
    if (admin == null) {
      admin =
          Admin.create(
              Map.of(
                  "bootstrap.servers",
                  bootstrapServers(),
                  "client.id",
                  "testkit",
                  "reconnect.backoff.max.ms",
                  200,
                  "default.api.timeout.ms",
                  (int) ANSWER_BOUND.toMillis()));
    }
    return admin;
  }

  /** Ends it and removes its data. */
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
    server.close();
  }

  @Override
  public String toString() {
    return "Kafka broker at " + bootstrapServers();
  }

  /** A producer of this broker, closed with it. */
  synchronized Producer<byte[], byte[]> producer() {
    if (producer == null) {
      producer =
          new KafkaProducer<>(
              Map.of(
                  "bootstrap.servers",
                  bootstrapServers(),
                  "client.id",
                  "testkit",
                  "acks",
                  "all",
                  "reconnect.backoff.max.ms",
                  200,
                  "delivery.timeout.ms",
                  (int) ANSWER_BOUND.toMillis(),
                  "request.timeout.ms",
                  (int) ANSWER_BOUND.toMillis() / 2),
              new ByteArraySerializer(),
              new ByteArraySerializer());
    }
    return producer;
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

  /** Between looking for a free port and taking it, another program may have taken it. */
  private void checkIdentity(String expected) {
    String actual = answer("describe cluster", admin().describeCluster().clusterId());
    if (!expected.equals(actual)) {
      server.kill();
      throw new IllegalStateException(
          "another broker answers at "
              + bootstrapServers()
              + ": cluster id "
              + actual
              + ", expected "
              + expected);
    }
  }

  private void awaitLeaders(String name, int partitions) {
    boolean ready =
        Patience.await(
            ANSWER_BOUND,
            () -> {
              try {
                return admin()
                        .describeTopics(List.of(name))
                        .allTopicNames()
                        .get(ANSWER_BOUND.toMillis(), TimeUnit.MILLISECONDS)
                        .get(name)
                        .partitions()
                        .stream()
                        .filter(partition -> partition.leader() != null)
                        .count()
                    == partitions;
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
}
