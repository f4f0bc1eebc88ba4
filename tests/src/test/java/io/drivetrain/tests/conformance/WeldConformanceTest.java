package io.drivetrain.tests.conformance;

import io.drivetrain.testkit.KafkaBroker;
import org.junit.jupiter.api.extension.RegisterExtension;

class WeldConformanceTest extends Conformance {
  private static final AppRuntime WELD = new WeldRuntime();

  @RegisterExtension static final Results RESULTS = new Results(WELD);

  WeldConformanceTest(KafkaBroker broker) {
    super(broker);
  }

  @Override
  public AppRuntime runtime() {
    return WELD;
  }
}
