package io.drivetrain.testkit;

import io.drivetrain.testkit.internal.Server;
import io.drivetrain.testkit.internal.Servers;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

/**
 * A real Kafka broker that a test may take away and bring back: a process of its own on 127.0.0.1,
 * or a container. It keeps its address and its data until it is closed, and ends with the JVM that
 * started it, however that ends. Topics are not created by use; create them with {@link #topic}.
 * Thread-safe.
 */
public final class KafkaBroker implements AutoCloseable {
  private final Server server;
  private final Optional<String> expectedClusterId;
  private final Clients clients;

  KafkaBroker(Server server, Optional<String> expectedClusterId) {
    this.server = server;
    this.expectedClusterId = expectedClusterId;
    this.clients = new Clients(bootstrapServers());
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
    return clients.topic(name, partitions, config);
  }

  /** A new topic whose name no other test has: a prefix and random characters. */
  public Topic newTopic(String prefix, int partitions) {
    return clients.newTopic(prefix, partitions);
  }

  /** A topic that exists or that somebody will create. */
  public Topic existingTopic(String name) {
    return new Topic(clients, name);
  }

  /** An admin client of this broker, closed with it. */
  public Admin admin() {
    return clients.admin();
  }

  /** Ends it and removes its data. */
  @Override
  public synchronized void close() {
    clients.close();
    server.close();
  }

  @Override
  public String toString() {
    return "Kafka broker at " + bootstrapServers();
  }

  /** A producer of this broker, closed with it. */
  Producer<byte[], byte[]> producer() {
    return clients.producer();
  }

  /** Between looking for a free port and taking it, another program may have taken it. */
  private void checkIdentity(String expected) {
    String actual = Clients.answer("describe cluster", admin().describeCluster().clusterId());
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
}
