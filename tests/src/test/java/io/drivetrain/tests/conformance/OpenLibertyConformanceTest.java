package io.drivetrain.tests.conformance;

import io.drivetrain.testkit.KafkaBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class OpenLibertyConformanceTest extends Conformance {
  private static final LibertyRuntime LIBERTY = LibertyRuntime.configured();

  @RegisterExtension static final Results RESULTS = new Results(LIBERTY);

  OpenLibertyConformanceTest(KafkaBroker broker) {
    super(broker);
  }

  @BeforeAll
  static void start() {
    LIBERTY.start();
  }

  @AfterAll
  static void stop() {
    LIBERTY.close();
  }

  @Override
  public AppRuntime runtime() {
    return LIBERTY;
  }
}
