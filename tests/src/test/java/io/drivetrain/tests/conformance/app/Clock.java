package io.drivetrain.tests.conformance.app;

import java.time.Duration;

/** The test's hand on the time of pauses. */
public interface Clock {
  void advance(Duration duration);
}
