package io.drivetrain.tests.conformance;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.UseKafka;

/** All scenarios, for one runtime. */
@UseKafka
abstract class Conformance
    implements FailureScenarios,
        StrategyScenarios,
        BatchScenarios,
        PayloadScenarios,
        LifecycleScenarios,
        SubscriptionScenarios,
        RebalanceScenarios,
        ProducingScenarios,
        OperatingScenarios {
  private final KafkaBroker broker;

  Conformance(KafkaBroker broker) {
    this.broker = broker;
  }

  @Override
  public final KafkaBroker broker() {
    return broker;
  }
}
