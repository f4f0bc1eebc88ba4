package io.drivetrain.tests.conformance.app;

import io.drivetrain.schema.platform.StartCondition;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The test's hand on when the application counts as started. */
public interface StartGate {

  void open();

  /** Is met when the test opens it. */
  @ApplicationScoped
  class Condition implements StartCondition, StartGate {
    private final CompletableFuture<Void> met = new CompletableFuture<>();

    @Override
    public String name() {
      return "the gate of the test";
    }

    @Override
    public CompletionStage<Void> met() {
      return met;
    }

    @Override
    public void open() {
      met.complete(null);
    }
  }
}
