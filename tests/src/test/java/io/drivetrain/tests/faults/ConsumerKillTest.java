package io.drivetrain.tests.faults;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.faults.Invariants.Duplicates;
import io.drivetrain.tests.faults.Invariants.Ordering;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes of two nodes are killed at random points, one or both, and come back. */
@ExtendWith(FaultTable.class)
class ConsumerKillTest {
  private static final int RATE = 500;
  private static final int SESSION_MILLIS = 3_000;

  private static KafkaBroker broker;

  @BeforeAll
  static void start() {
    // The dead are missed after three seconds instead of 45.
    String session = Integer.toString(SESSION_MILLIS);
    broker =
        KafkaBroker.create(
            Map.of(
                "group.min.session.timeout.ms",
                session,
                "group.consumer.min.session.timeout.ms",
                session,
                "group.consumer.session.timeout.ms",
                session));
    broker.start();
  }

  @AfterAll
  static void close() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void processes_are_killed_and_come_back(String protocol) throws Exception {
    int kills = Scale.of(2, 50);
    Random random = Scale.random("consumer kills, " + protocol);
    Topic topic = broker.newTopic("killed", 4);
    List<String> settings = new ArrayList<>(List.of("group.protocol", protocol));
    if (protocol.equals("classic")) {
      settings.addAll(List.of("session.timeout.ms", Integer.toString(SESSION_MILLIS)));
      settings.addAll(List.of("heartbeat.interval.ms", "500"));
    }
    try (Trial trial =
        new Trial(
            "consumer process killed × " + kills + ", group.protocol=" + protocol,
            broker.bootstrapServers(),
            topic,
            RATE,
            settings.toArray(String[]::new))) {
      List<WorkerProcess> nodes = new ArrayList<>(List.of(trial.spawn(), trial.spawn()));
      trial.progress(100);
      for (int i = 0; i < kills; i++) {
        // In some rounds at once, while nodes still start or join, in others amid their work.
        Thread.sleep(random.nextInt(1_500));
        if (random.nextInt(3) > 0) {
          trial.progress(1 + random.nextInt(1_000));
        }
        boolean both = random.nextInt(4) == 0;
        int victim = random.nextInt(2);
        nodes.get(victim).kill();
        if (both) {
          nodes.get(1 - victim).kill();
        }
        trial.look();
        nodes.set(victim, trial.spawn());
        if (both) {
          nodes.set(1 - victim, trial.spawn());
        }
      }

      trial.finish(Ordering.PARTITION, Duplicates.SINCE_LAST_COMMIT);
    }
  }
}
