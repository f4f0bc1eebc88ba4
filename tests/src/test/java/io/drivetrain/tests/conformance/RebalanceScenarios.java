package io.drivetrain.tests.conformance;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.conformance.Scenarios.assigned;
import static io.drivetrain.tests.conformance.Scenarios.offsets;
import static io.drivetrain.tests.conformance.Scenarios.range;
import static io.drivetrain.tests.conformance.Scenarios.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.conformance.app.Consumers;
import io.drivetrain.tests.conformance.app.Recorder;
import io.drivetrain.tests.conformance.app.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Members of a group come and go. */
interface RebalanceScenarios extends Scenarios {

  /** They learn of a rebalance by their next heartbeat, every three seconds unless set. */
  private Application members(Topic topic) {
    return reading(topic, Consumers.Texts.class).in("heartbeat.interval.ms", "200");
  }

  @Test
  default void two_members_share_the_partitions_and_the_one_that_stays_takes_over() {
    shareAndTakeOver("classic");
  }

  @Test
  default void members_share_by_the_protocol_of_kip_848_too() {
    shareAndTakeOver("consumer");
  }

  private void shareAndTakeOver(String protocol) {
    Topic topic = topic(2);
    Application application =
        protocol.equals("classic")
            ? members(topic)
            : reading(topic, Consumers.Texts.class).in("group.protocol", protocol);

    try (Deployment first = deploy(application)) {
      eventually(LONG, () -> assertThat(assigned(first)).isEqualTo(2));
      List<Seen> bySecond = new ArrayList<>();
      try (Deployment second = first.another()) {
        eventually(
            LONG,
            () -> {
              assertThat(assigned(first)).isEqualTo(1);
              assertThat(assigned(second)).isEqualTo(1);
            });
        topic.sendAll(0, List.of("a"));
        topic.sendAll(1, List.of("a"));
        eventually(LONG, () -> assertThat(seen(first)).hasSize(1));
        eventually(LONG, () -> assertThat(seen(second)).hasSize(1));
        bySecond.addAll(seen(second));
      }
      eventually(LONG, () -> assertThat(assigned(first)).isEqualTo(2));
      topic.sendAll(0, List.of("b"));
      topic.sendAll(1, List.of("b"));
      eventually(LONG, () -> assertThat(seen(first)).hasSize(3));
      for (int partition = 0; partition < 2; partition++) {
        int p = partition;
        List<Long> offsets = new ArrayList<>();
        bySecond.stream()
            .filter(seen -> seen.partition() == p)
            .forEach(seen -> offsets.add(seen.firstOffset()));
        offsets.addAll(offsets(first, p));
        assertThat(offsets).isEqualTo(range(0, 2));
      }
    }
  }

  @Test
  default void a_record_in_hand_is_finished_and_committed_before_its_partition_moves() {
    Topic topic = topic(2);
    topic.sendAll(0, List.of("waits", "b"));
    topic.sendAll(1, List.of("waits", "b"));

    try (Deployment first = deploy(members(topic).in("concurrency", "2"))) {
      eventually(() -> assertThat(seen(first)).hasSize(2));
      try (Deployment second = first.another()) {
        second.get(Recorder.class).release();
        first.get(Recorder.class).release();
        eventually(LONG, () -> assertThat(assigned(second)).isEqualTo(1));
        eventually(
            LONG, () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L, 1, 2L)));
        List<String> all = new ArrayList<>();
        for (Deployment member : List.of(first, second)) {
          seen(member).forEach(seen -> all.add(seen.partition() + "@" + seen.firstOffset()));
        }
        assertThat(all).containsExactlyInAnyOrder("0@0", "0@1", "1@0", "1@1");
      }
    }
  }

  @Test
  default void attempts_survive_a_rebalance_that_gives_the_partition_back() {
    Topic topic = topic(2);
    topic.sendAll(0, List.of("fails"));
    topic.sendAll(1, List.of("fails"));

    try (Deployment first = deploy(members(topic).in("pause-timeout", "200ms"))) {
      eventually(() -> assertThat(seen(first, 0)).hasSizeGreaterThan(2));
      eventually(() -> assertThat(seen(first, 1)).hasSizeGreaterThan(2));
      try (Deployment second = first.another()) {
        eventually(LONG, () -> assertThat(seen(second)).isNotEmpty());
      }
      eventually(LONG, () -> assertThat(assigned(first)).isEqualTo(2));
      int before0 = seen(first, 0).size();
      int before1 = seen(first, 1).size();
      eventually(() -> assertThat(seen(first, 0)).hasSizeGreaterThan(before0));
      eventually(() -> assertThat(seen(first, 1)).hasSizeGreaterThan(before1));

      for (int partition = 0; partition < 2; partition++) {
        List<Seen> seen = seen(first, partition);
        for (int i = 0; i < seen.size(); i++) {
          assertThat(seen.get(i).attempt()).isEqualTo(i + 1);
        }
      }
    }
  }
}
