package io.drivetrain.testkit;

import io.drivetrain.testkit.internal.BrokerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;

/**
 * Several real Kafka brokers that form one cluster, each a process of its own that a test may take
 * away and bring back: {@code cluster.broker(2).kill()}. Every broker is a controller too, so three
 * of them survive the loss of any one, and a topic has as many replicas as there are brokers, two
 * of which must have a record before it is stored. Never containers. Thread-safe.
 */
public final class KafkaCluster implements AutoCloseable {
  private final List<KafkaBroker> brokers;
  private final Clients clients;

  private KafkaCluster(List<KafkaBroker> brokers) {
    this.brokers = List.copyOf(brokers);
    this.clients = new Clients(bootstrapServers());
  }

  /**
   * A cluster that is not started; its addresses are fixed already.
   *
   * @param brokers how many, from 1; fewer than three do not survive the loss of one
   */
  public static KafkaCluster create(int brokers) {
    return create(brokers, Map.of());
  }

  /**
   * A cluster that is not started; its addresses are fixed already.
   *
   * @param brokers how many, from 1; fewer than three do not survive the loss of one
   * @param serverProperties entries of every server.properties that replace or extend the testkit's
   */
  public static KafkaCluster create(int brokers, Map<String, String> serverProperties) {
    List<KafkaBroker> members = new ArrayList<>();
    for (BrokerProcess process : BrokerProcess.cluster(brokers, serverProperties)) {
      members.add(new KafkaBroker(process, Optional.of(process.clusterId())));
    }
    return new KafkaCluster(members);
  }

  /** A cluster all of whose brokers serve. */
  public static KafkaCluster started(int brokers) {
    KafkaCluster cluster = create(brokers);
    cluster.start();
    return cluster;
  }

  /**
   * Starts every broker that does not run, all at once because none serves without a majority, and
   * returns when all serve.
   *
   * @throws IllegalStateException if one does not start; the message holds the end of its log
   */
  public void start() {
    together(KafkaBroker::start);
  }

  /** One of the brokers, by its node id: 1, 2, and so on. */
  public KafkaBroker broker(int id) {
    return brokers.get(id - 1);
  }

  /** All brokers, by node id. */
  public List<KafkaBroker> brokers() {
    return brokers;
  }

  /** The addresses of all brokers, for {@code bootstrap.servers} of a client. */
  public String bootstrapServers() {
    return brokers.stream().map(KafkaBroker::bootstrapServers).collect(Collectors.joining(","));
  }

  /** The broker that leads a partition now. */
  public KafkaBroker leader(Topic topic, int partition) {
    Node leader =
        Clients.answer(
                "describe " + topic, admin().describeTopics(List.of(topic.name())).allTopicNames())
            .get(topic.name())
            .partitions()
            .get(partition)
            .leader();
    if (leader == null) {
      throw new IllegalStateException(topic + "-" + partition + " has no leader now");
    }
    return broker(leader.id());
  }

  /** The broker that coordinates a consumer group now. */
  public KafkaBroker coordinator(String group) {
    Node coordinator =
        Clients.answer(
                "coordinator of " + group,
                admin().describeConsumerGroups(List.of(group)).describedGroups().get(group))
            .coordinator();
    return broker(coordinator.id());
  }

  /**
   * A new topic.
   *
   * @throws IllegalStateException if the cluster refuses it, for example because it exists
   */
  public Topic topic(String name, int partitions, Map<String, String> config) {
    return clients.topic(name, partitions, config);
  }

  /** A new topic whose name no other test has: a prefix and random characters. */
  public Topic newTopic(String prefix, int partitions) {
    return clients.newTopic(prefix, partitions);
  }

  /** An admin client of this cluster, closed with it. */
  public Admin admin() {
    return clients.admin();
  }

  /** Ends all brokers and removes their data. */
  @Override
  public void close() {
    clients.close();
    together(KafkaBroker::close);
  }

  @Override
  public String toString() {
    return "Kafka cluster at " + bootstrapServers();
  }

  private void together(Consumer<KafkaBroker> action) {
    List<CompletableFuture<Void>> actions = new ArrayList<>();
    for (KafkaBroker broker : brokers) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  action.accept(broker);
                  done.complete(null);
                } catch (RuntimeException | Error e) {
                  done.completeExceptionally(e);
                }
              },
              "testkit-cluster");
      thread.setDaemon(true);
      thread.start();
      actions.add(done);
    }
    try {
      // Each action is bounded by the broker itself.
      CompletableFuture.allOf(actions.toArray(CompletableFuture<?>[]::new)).join();
    } catch (CompletionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    }
  }
}
