package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Delivery;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
  void workers_run_at_the_same_time_and_keep_the_order_of_each_partition() throws Exception {
    Topic topic = broker.newTopic("workers", 6);
    for (int partition = 0; partition < 6; partition++) {
      topic.sendAll(partition, Apps.values(50));
    }
    // Nobody gets past the latch until three deliveries are open at once.
    CountDownLatch together = new CountDownLatch(3);
    Set<Integer> open = ConcurrentHashMap.newKeySet();
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          assertThat(open.add(seen.partition())).as("one delivery per partition").isTrue();
          together.countDown();
          await(together);
          open.remove(seen.partition());
        });

    try (WeldApp app =
        reading(broker, topic.name())
            .and(IN + "topic", topic.name(), IN + "concurrency", "3")
            .beans(Apps.Records.class)
            .instance(Recorder.class, recorder)
            .start()) {
      eventually(() -> assertThat(recorder.all()).hasSize(300));
    }

    for (int partition = 0; partition < 6; partition++) {
      assertThat(recorder.offsets(partition)).isEqualTo(Recorder.range(0, 50));
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

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
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
