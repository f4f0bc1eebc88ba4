package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Channels;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Partitions move from node to node, and who stays keeps what it has. */
@UseKafka
class CooperativeRebalanceTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  @Test
  void only_the_node_that_leaves_gives_its_partition_up(KafkaBroker broker) {
    Topic topic = broker.newTopic("leaving", 2);
    // Slow enough for the node to leave in the middle of the work.
    Recorder recorder =
        new Recorder().behaving(seen -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2)));

    try (WeldApp stays =
        Apps.readingRecords(broker, topic, recorder)
            .and(Apps.QUICK_HEARTBEATS)
            .beans(GivenUp.class)
            .start()) {
      List<TopicPartition> byWhoStays = stays.get(GivenUp.class).partitions();
      List<TopicPartition> byWhoLeaves;
      // Else the other may be first in the group, and have to give a partition up to this one.
      eventually(BOUND, () -> assertThat(assigned(stays)).hasSize(2));
      try (WeldApp leaves = stays.startAnother(Apps.Records.class, GivenUp.class)) {
        byWhoLeaves = leaves.get(GivenUp.class).partitions();
        eventually(
            BOUND,
            () -> {
              assertThat(assigned(stays)).hasSize(1);
              assertThat(assigned(leaves)).hasSize(1);
            });
        byWhoStays.clear();
        topic.sendAll(0, Apps.values(125));
        topic.sendAll(1, Apps.values(125));
        eventually(() -> assertThat(recorder.all()).hasSizeGreaterThan(20));
      }

      eventually(
          BOUND,
          () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 125L, 1, 125L)));
      assertThat(assigned(stays)).hasSize(2);
      assertThat(byWhoLeaves).hasSize(1);
      assertThat(byWhoStays).isEmpty();
    }

    assertThat(recorder.offsets(0)).isEqualTo(Recorder.range(0, 125));
    assertThat(recorder.offsets(1)).isEqualTo(Recorder.range(0, 125));
  }

  private static List<PartitionState> assigned(WeldApp app) {
    return app.get(Channels.class).state("in").partitions();
  }

  /** Notes which partitions its node had to give up, one way or the other. */
  @ApplicationScoped
  static class GivenUp implements ChannelListener {
    private final List<TopicPartition> partitions = new CopyOnWriteArrayList<>();

    @Override
    public void revoked(String channel, Collection<TopicPartition> revoked) {
      partitions.addAll(revoked);
    }

    @Override
    public void lost(String channel, Collection<TopicPartition> lost) {
      partitions.addAll(lost);
    }

    List<TopicPartition> partitions() {
      return partitions;
    }
  }
}
