package io.drivetrain.tests.conformance.app;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is moved. */
@ApplicationScoped
@Named("drivetrain-clock")
public class MovedClock implements InstantSource, Clock {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public void advance(Duration duration) {
    now.updateAndGet(instant -> instant.plus(duration));
  }
}
