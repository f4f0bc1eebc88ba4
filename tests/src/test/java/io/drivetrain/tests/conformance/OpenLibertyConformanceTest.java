package io.drivetrain.tests.conformance;

import io.drivetrain.testkit.KafkaBroker;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class OpenLibertyConformanceTest extends Conformance {
  private static final List<String> EE_10 =
      List.of(
          "servlet-6.0",
          "cdi-4.0",
          "jsonb-3.0",
          "jsonp-2.1",
          "concurrent-3.0",
          "mpConfig-3.1",
          "mpHealth-4.0",
          "mpReactiveMessaging-3.0");

  private static LibertyRuntime liberty;

  OpenLibertyConformanceTest(KafkaBroker broker) {
    super(broker);
  }

  @BeforeAll
  static void start() {
    liberty =
        new LibertyRuntime(
            Path.of(System.getProperty("drivetrain.openliberty.runtime")),
            EE_10,
            Path.of(System.getProperty("drivetrain.build"), "conformance", "openliberty"));
  }

  @AfterAll
  static void stop() {
    liberty.close();
  }

  @Override
  public AppRuntime runtime() {
    return liberty;
  }
}
