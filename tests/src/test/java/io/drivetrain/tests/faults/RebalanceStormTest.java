package io.drivetrain.tests.faults;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.faults.Invariants.Duplicates;
import io.drivetrain.tests.faults.Invariants.Ordering;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
  @MethodSource("io.drivetrain.tests.faults.Scale#groups")
  void nodes_come_and_go(String protocol, Ordering ordering) throws Exception {
    int moves = Scale.of(6, 100);
    Random random = Scale.random("rebalance storm, " + protocol + ", " + ordering);
    Topic topic = broker.newTopic("storm", 8);
    try (Trial trial =
        new Trial(
            moves + " joins and leaves" + Scale.describe(protocol, ordering),
            broker.bootstrapServers(),
            topic,
            ordering,
            RATE,
            "group.protocol",
            protocol,
            "close-timeout",
            "60s")) {
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

      trial.finish(Duplicates.NONE);
    }
  }
}
