package io.drivetrain.testkit;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KafkaClusterTest {
  private static KafkaCluster cluster;

  @BeforeAll
  static void three() {
    cluster = KafkaCluster.started(3);
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @BeforeEach
  void complete() {
    cluster.start();
  }

  @Test
  void every_broker_serves_the_whole_cluster() {
    Topic topic = cluster.newTopic("everywhere", 3);
    topic.send(0, "k", "v");

    assertThat(cluster.brokers()).hasSize(3);
    for (KafkaBroker broker : cluster.brokers()) {
      assertThat(broker.existingTopic(topic.name()).values()).containsExactly("v");
    }
  }

  @Test
  void a_stored_record_is_on_two_brokers_at_least() throws Exception {
    Topic topic = cluster.newTopic("safe", 1);
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());

    assertThat(
            cluster
                .admin()
                .describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get("min.insync.replicas")
                .value())
        .isEqualTo("2");
    assertThat(
            cluster
                .admin()
                .describeTopics(List.of(topic.name()))
                .allTopicNames()
                .get()
                .get(topic.name())
                .partitions()
                .get(0)
                .replicas())
        .hasSize(3);
  }

  @Test
  void the_others_go_on_while_a_leader_is_killed_and_it_comes_back() {
    Topic topic = cluster.newTopic("survivor", 1);
    topic.send(0, "k", "before");
    KafkaBroker leader = cluster.leader(topic, 0);

    leader.kill();
    topic.send(0, "k", "meanwhile");
    assertThat(cluster.leader(topic, 0)).isNotSameAs(leader);
    leader.start();

    assertThat(leader.existingTopic(topic.name()).values()).containsExactly("before", "meanwhile");
  }

  @Test
  void the_others_go_on_while_one_is_suspended() {
    Topic topic = cluster.newTopic("frozen", 1);
    topic.send(0, "k", "before");
    KafkaBroker leader = cluster.leader(topic, 0);

    leader.suspend();
    try {
      topic.send(0, "k", "meanwhile");
    } finally {
      leader.resume();
    }

    // For a moment it still believes that it leads and answers with what it has.
    eventually(() -> assertThat(topic.values()).containsExactly("before", "meanwhile"));
  }

  @Test
  void it_survives_the_loss_of_all_its_brokers() {
    Topic topic = cluster.newTopic("all", 2);
    topic.send(1, "k", "before");

    cluster.brokers().forEach(KafkaBroker::kill);
    cluster.start();

    assertThat(topic.values()).containsExactly("before");
    assertThat(topic.ends()).isEqualTo(Map.of(0, 0L, 1, 1L));
  }
}
