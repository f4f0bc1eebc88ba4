package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Channels;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.junit.jupiter.api.Test;

@UseKafka
class SubscriptionTest {
  private final KafkaBroker broker;

  SubscriptionTest(KafkaBroker broker) {
    this.broker = broker;
  }

  private static WeldApp.Builder reading(KafkaBroker broker, String group) {
    return WeldApp.with(
        IN + "connector",
        "drivetrain",
        IN + "group.id",
        group,
        IN + "auto.commit.interval.ms",
        "100",
        "kafka.bootstrap.servers",
        broker.bootstrapServers());
  }

  @Test
  void one_channel_reads_several_topics_and_commits_each() {
    Topic first = broker.newTopic("one", 1);
    Topic second = broker.newTopic("two", 1);
    first.send("k", "a");
    second.send("k", "b");
    Recorder recorder = new Recorder();

    try (WeldApp app =
        reading(broker, first.name())
            .and(IN + "topics", first.name() + "," + second.name())
            .beans(Apps.Records.class)
            .instance(Recorder.class, recorder)
            .start()) {
      eventually(() -> assertThat(recorder.values()).containsExactlyInAnyOrder("a", "b"));
      eventually(() -> assertThat(first.committed(first.name())).isEqualTo(Map.of(0, 1L)));
      eventually(() -> assertThat(second.committed(first.name())).isEqualTo(Map.of(0, 1L)));
    }
  }

  @Test
  void one_channel_reads_every_topic_whose_name_matches() {
    Topic first = broker.newTopic("matching", 1);
    Topic second = broker.newTopic("matching", 1);
    Topic other = broker.newTopic("not-matching", 1);
    first.send("k", "a");
    second.send("k", "b");
    other.send("k", "c");
    Recorder recorder = new Recorder();

    try (WeldApp app =
        reading(broker, first.name())
            .and(IN + "pattern", "matching-.*")
            .beans(Apps.Records.class)
            .instance(Recorder.class, recorder)
            .start()) {
      eventually(() -> assertThat(recorder.values()).containsExactlyInAnyOrder("a", "b"));
      eventually(() -> assertThat(second.committed(first.name())).isEqualTo(Map.of(0, 1L)));
      assertThat(recorder.values()).doesNotContain("c");
    }
  }

  @Test
  void a_batch_holds_records_of_one_topic() {
    Topic first = broker.newTopic("batched", 1);
    Topic second = broker.newTopic("batched", 1);
    first.sendAll(0, Collections.nCopies(30, "first"));
    second.sendAll(0, Collections.nCopies(20, "second"));
    Recorder recorder = new Recorder();

    try (WeldApp app =
        reading(broker, first.name())
            .and(IN + "pattern", "batched-.*", IN + "batch-size", "7")
            .beans(Apps.Batches.class)
            .instance(Recorder.class, recorder)
            .start()) {
      eventually(() -> assertThat(first.committed(first.name())).isEqualTo(Map.of(0, 30L)));
      eventually(() -> assertThat(second.committed(first.name())).isEqualTo(Map.of(0, 20L)));
    }

    assertThat(recorder.values())
        .allSatisfy(batch -> assertThat(new HashSet<>((List<?>) batch)).hasSize(1));
  }

  /** Who joins the records of a key needs its partition of both topics on the same node. */
  @Test
  void topics_of_a_channel_are_shared_alike_by_an_assignor_that_does_so() {
    Topic orders = broker.newTopic("joined", 4);
    Topic customers = broker.newTopic("joined", 4);

    try (WeldApp one =
            reading(broker, orders.name())
                .and(IN + "topics", orders.name() + "," + customers.name())
                .and(IN + "partition.assignment.strategy", RangeAssignor.class.getName())
                .beans(Apps.Records.class)
                .instance(Recorder.class, new Recorder())
                .start();
        WeldApp other = one.startAnother(Apps.Records.class)) {
      eventually(
          Duration.ofSeconds(60),
          () -> {
            for (WeldApp node : List.of(one, other)) {
              assertThat(partitions(node, orders))
                  .hasSize(2)
                  .isEqualTo(partitions(node, customers));
            }
          });
    }
  }

  private static Set<Integer> partitions(WeldApp node, Topic topic) {
    return node.get(Channels.class).state("in").partitions().stream()
        .filter(state -> state.topic().equals(topic.name()))
        .map(PartitionState::partition)
        .collect(Collectors.toSet());
  }

  @Test
  void a_channel_without_a_topic_reads_and_writes_the_one_of_its_name() {
    Topic source = broker.topic("named-source", 1);
    Topic target = broker.topic("named-target", 1);
    source.send("k", "a");

    try (WeldApp app =
        WeldApp.with(
                "mp.messaging.incoming.named-source.connector",
                "drivetrain",
                "mp.messaging.outgoing.named-target.connector",
                "drivetrain",
                "kafka.group.id",
                source.name(),
                "kafka.bootstrap.servers",
                broker.bootstrapServers())
            .beans(Named.class)
            .start()) {
      eventually(() -> assertThat(target.values()).containsExactly("a"));
    }
  }

  @Test
  void a_channel_that_no_method_reads_is_not_ready_and_says_so() {
    Topic topic = broker.newTopic("unread", 1);

    try (WeldApp app = reading(broker, topic.name()).and(IN + "topic", topic.name()).start()) {
      HealthCheckResponse ready =
          app.all(HealthCheck.class, Readiness.Literal.INSTANCE).get(0).call();
      assertThat(ready.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
      assertThat(ready.getData().orElseThrow().get("in"))
          .asString()
          .contains("nothing in the application reads it");
    }
  }

  @Test
  void two_channels_do_not_wait_for_each_other() {
    Topic topic = broker.newTopic("two-channels", 1);
    topic.sendAll(0, Apps.values(3));
    Recorder recorder = new Recorder().failing(0, 0, Integer.MAX_VALUE);
    String other = "mp.messaging.incoming.other.";

    try (WeldApp app =
        reading(broker, topic.name())
            .and(IN + "topic", topic.name(), IN + "pause-timeout", "-1")
            .and(
                other + "connector",
                "drivetrain",
                other + "topic",
                topic.name(),
                other + "group.id",
                topic.name() + "-other")
            .beans(Apps.Records.class, Other.class)
            .instance(Recorder.class, recorder)
            .start()) {
      eventually(() -> assertThat(app.get(Other.class).count()).isEqualTo(3));
      eventually(() -> assertThat(recorder.offsets(0)).containsExactly(0L));
    }
  }

  @ApplicationScoped
  static class Named {
    @Incoming("named-source")
    @Outgoing("named-target")
    String pass(String value) {
      return value;
    }
  }

  @ApplicationScoped
  static class Other {
    @Inject Delivery delivery;

    private volatile int count;

    @Incoming("other")
    void take(String value) {
      assertThat(delivery.channel()).isEqualTo("other");
      count++;
    }

    int count() {
      return count;
    }
  }
}
