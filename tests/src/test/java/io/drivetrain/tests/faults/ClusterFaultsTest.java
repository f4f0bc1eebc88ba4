package io.drivetrain.tests.faults;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.KafkaCluster;
import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.faults.Invariants.Duplicates;
import io.drivetrain.tests.faults.Invariants.Ordering;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One broker of three is killed or frozen under load. */
@ExtendWith(FaultTable.class)
class ClusterFaultsTest {
  private static final int RATE = 1_000;
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
  void brokers_are_killed_one_after_another_and_come_back() throws Exception {
    int kills = Scale.of(2, 10);
    Topic topic = cluster.newTopic("killed", 6);
    try (Trial trial =
        new Trial("1 of 3 brokers killed × " + kills, cluster.bootstrapServers(), topic, RATE)) {
      trial.join();
      trial.join();
      for (int i = 0; i < kills; i++) {
        trial.progress(1_000);
        KafkaBroker victim =
            i % 2 == 0 ? cluster.coordinator(trial.group()) : cluster.leader(topic, i % 6);
        victim.kill();
        trial.progress(1_000);
        victim.start();
      }

      trial.finish(Ordering.PARTITION, Duplicates.SINCE_LAST_COMMIT);
    }
  }

  @Test
  void the_coordinator_is_frozen_for_a_while() throws Exception {
    Duration frozen = Duration.ofSeconds(Scale.of(4, 20));
    Topic topic = cluster.newTopic("frozen", 6);
    try (Trial trial =
        new Trial(
            "1 of 3 brokers frozen for " + frozen.toSeconds() + " s",
            cluster.bootstrapServers(),
            topic,
            RATE)) {
      trial.join();
      trial.join();
      trial.progress(1_000);
      KafkaBroker victim = cluster.coordinator(trial.group());
      victim.suspend();
      Thread.sleep(frozen.toMillis());
      victim.resume();
      trial.progress(1_000);

      trial.finish(Ordering.PARTITION, Duplicates.SINCE_LAST_COMMIT);
    }
  }
}
