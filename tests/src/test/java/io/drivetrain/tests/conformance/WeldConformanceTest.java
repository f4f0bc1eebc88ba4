package io.drivetrain.tests.conformance;

import io.drivetrain.testkit.KafkaBroker;

class WeldConformanceTest extends Conformance {
  WeldConformanceTest(KafkaBroker broker) {
    super(broker);
  }

  @Override
  public AppRuntime runtime() {
    return new WeldRuntime();
  }
}
