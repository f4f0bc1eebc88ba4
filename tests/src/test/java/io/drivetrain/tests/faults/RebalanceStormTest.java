package io.drivetrain.tests.faults;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.faults.Invariants.Duplicates;
import io.drivetrain.tests.faults.Invariants.Ordering;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two to five nodes come and go under load, without waiting for the rebalance before. */
@UseKafka
@ExtendWith(FaultTable.class)
class RebalanceStormTest {
  private static final int RATE = 1_000;

  private final KafkaBroker broker;

  RebalanceStormTest(KafkaBroker broker) {
    this.broker = broker;
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void nodes_come_and_go(String protocol) throws Exception {
    int moves = Scale.of(6, 100);
    Random random = Scale.random("rebalance storm, " + protocol);
    Topic topic = broker.newTopic("storm", 8);
    List<String> settings =
        new ArrayList<>(List.of("group.protocol", protocol, "close-timeout", "60s"));
    if (protocol.equals("classic")) {
      settings.addAll(List.of("heartbeat.interval.ms", "300"));
    }
    try (Trial trial =
        new Trial(
            moves + " joins and leaves, group.protocol=" + protocol,
            broker.bootstrapServers(),
            topic,
            RATE,
            settings.toArray(String[]::new))) {
      trial.join();
      trial.join();
      trial.progress(100);
      for (int i = 0; i < moves; i++) {
        int nodes = trial.apps().size();
        if (nodes == 2 || nodes < 5 && random.nextBoolean()) {
          trial.join();
        } else {
          trial.leave(trial.apps().get(random.nextInt(nodes)));
        }
        trial.progress(random.nextInt(500));
      }

      trial.finish(Ordering.PARTITION, Duplicates.NONE);
    }
  }
}
