package io.drivetrain.tests.conformance.app;

import io.drivetrain.connector.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Consumers of the channel {@code in}; an application has one of them. */
public final class Consumers {
  private Consumers() {}

  /** One record per call. */
  @ApplicationScoped
  public static class Texts {
    @Inject RecorderBean recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(String value) {
      recorder.take(delivery, value);
    }
  }

  /** One batch per call. */
  @ApplicationScoped
  public static class Batches {
    @Inject RecorderBean recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(List<String> values) {
      recorder.take(delivery, values.toArray(String[]::new));
    }
  }

  /** One decoded record per call. */
  @ApplicationScoped
  public static class Orders {
    @Inject RecorderBean recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(Order order) {
      recorder.take(delivery, order.customer());
    }
  }
}
