package io.drivetrain.tests.conformance;

import io.drivetrain.testkit.KafkaBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class WildFlyConformanceTest extends Conformance {
  private static final WildFlyRuntime WILDFLY = WildFlyRuntime.configured();

  @RegisterExtension static final Results RESULTS = new Results(WILDFLY);

  WildFlyConformanceTest(KafkaBroker broker) {
    super(broker);
  }

  @BeforeAll
  static void start() {
    WILDFLY.start();
  }

  @AfterAll
  static void stop() {
    WILDFLY.close();
  }

  @Override
  public AppRuntime runtime() {
    return WILDFLY;
  }
}
