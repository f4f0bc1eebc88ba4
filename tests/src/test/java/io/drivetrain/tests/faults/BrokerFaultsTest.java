package io.drivetrain.tests.faults;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.faults.Invariants.Duplicates;
import io.drivetrain.tests.faults.Invariants.Ordering;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The only broker is killed or frozen under load. */
@UseKafka(own = true)
@ExtendWith(FaultTable.class)
class BrokerFaultsTest {
  private static final int RATE = 1_000;

  private final KafkaBroker broker;

  BrokerFaultsTest(KafkaBroker broker) {
    this.broker = broker;
  }

  @Test
  void the_only_broker_is_killed_and_comes_back() throws Exception {
    int kills = Scale.of(1, 10);
    Topic topic = broker.newTopic("killed", 6);
    try (Trial trial =
        new Trial("the only broker killed × " + kills, broker.bootstrapServers(), topic, RATE)) {
      trial.join();
      trial.join();
      for (int i = 0; i < kills; i++) {
        trial.progress(1_000);
        broker.kill();
        broker.start();
      }
      trial.progress(1_000);

      trial.finish(Ordering.PARTITION, Duplicates.SINCE_LAST_COMMIT);
    }
  }

  @Test
  void the_only_broker_is_frozen_for_a_while() throws Exception {
    Duration frozen = Duration.ofSeconds(Scale.of(2, 20));
    Topic topic = broker.newTopic("frozen", 6);
    try (Trial trial =
        new Trial(
            "the only broker frozen for " + frozen.toSeconds() + " s",
            broker.bootstrapServers(),
            topic,
            RATE)) {
      trial.join();
      trial.join();
      trial.progress(1_000);
      broker.suspend();
      Thread.sleep(frozen.toMillis());
      broker.resume();
      trial.progress(1_000);

      trial.finish(Ordering.PARTITION, Duplicates.SINCE_LAST_COMMIT);
    }
  }
}
