package io.drivetrain.tests.conformance.app;

import io.drivetrain.connector.Delivery;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Beans that send, by the channel {@code out}. */
public final class Producing {
  private Producing() {}

  /** The test's hand on an emitter. */
  public interface Sender {
    /** Returns when Kafka has confirmed it. */
    void send(String text);
  }

  /** Sends what it is told to, outside of any delivery. */
  @ApplicationScoped
  public static class SenderBean implements Sender {
    @Inject
    @Channel("out")
    Emitter<String> emitter;

    @Override
    public void send(String text) {
      try {
        emitter.send(text).toCompletableFuture().get(60, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IllegalStateException("not sent: " + e, e);
      }
    }
  }

  /** Reads one topic and writes another. */
  @ApplicationScoped
  public static class Processor {
    @Incoming("in")
    @Outgoing("out")
    String shout(String value) {
      return value.toUpperCase(Locale.ROOT);
    }
  }

  /** Sends on what it reads; what begins with "large" becomes too large to be sent. */
  @ApplicationScoped
  public static class Forwarder {
    @Inject RecorderBean recorder;
    @Inject Delivery delivery;

    @Inject
    @Channel("out")
    Emitter<String> emitter;

    @Incoming("in")
    void take(String value) {
      recorder.take(delivery, value);
      // Nobody looks at the stage: the delivery waits for it.
      emitter.send(value.startsWith("large") ? value + "x".repeat(5_000) : value);
    }
  }

  /** Says goodbye when it is destroyed. */
  @ApplicationScoped
  public static class Farewell {
    @Inject Delivery delivery;

    @Inject
    @Channel("out")
    Emitter<String> emitter;

    private volatile long last = -1;

    @Incoming("in")
    void take(String value) {
      last = delivery.lastOffset();
    }

    @PreDestroy
    void goodbye() {
      emitter.send("goodbye after " + last);
    }
  }
}
