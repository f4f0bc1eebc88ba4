package io.drivetrain.tests.conformance.app;

import io.drivetrain.connector.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Consumers of every shape, each on the channel of its name. */
public final class Payloads {
  private Payloads() {}

  /** One record per call. */
  @ApplicationScoped
  public static class Singles {
    @Inject RecorderBean recorder;
    @Inject Delivery delivery;

    @Incoming("text")
    void text(String value) {
      recorder.take(delivery, value);
    }

    @Incoming("bytes")
    void bytes(byte[] value) {
      recorder.take(delivery, new String(value, StandardCharsets.UTF_8));
    }

    @Incoming("number")
    void number(Long value) {
      recorder.take(delivery, "number " + value);
    }

    @Incoming("json")
    void json(Order order) {
      recorder.take(delivery, order.toString());
    }

    @Incoming("optional")
    void optional(Optional<Order> order) {
      recorder.take(delivery, order.map(Order::toString).orElse("empty"));
    }

    @Incoming("record")
    void record(ConsumerRecord<String, String> record) {
      recorder.take(delivery, Payloads.text(record));
    }

    @Incoming("message")
    @Acknowledgment(Acknowledgment.Strategy.POST_PROCESSING)
    CompletionStage<Void> message(Message<String> message) {
      ConsumerRecord<?, ?> record = message.unwrap(ConsumerRecord.class);
      recorder.take(delivery, message.getPayload() + " at " + record.offset());
      return CompletableFuture.completedFuture(null);
    }

    @Incoming("stage")
    CompletionStage<Void> stage(String value) {
      Delivery snapshot = delivery.snapshot();
      return CompletableFuture.runAsync(() -> recorder.take(snapshot, value));
    }
  }

  /** One batch per call. */
  @ApplicationScoped
  public static class Batches {
    @Inject RecorderBean recorder;
    @Inject Delivery delivery;

    @Incoming("texts")
    void texts(List<String> values) {
      recorder.take(delivery, values.toArray(String[]::new));
    }

    @Incoming("jsons")
    void jsons(List<Order> orders) {
      recorder.take(delivery, orders.stream().map(Order::toString).toArray(String[]::new));
    }

    @Incoming("optionals")
    void optionals(List<Optional<Order>> orders) {
      recorder.take(
          delivery,
          orders.stream()
              .map(order -> order.map(Order::toString).orElse("empty"))
              .toArray(String[]::new));
    }

    @Incoming("records")
    void records(List<ConsumerRecord<String, String>> records) {
      recorder.take(delivery, records.stream().map(Payloads::text).toArray(String[]::new));
    }

    @Incoming("own")
    void own(Lines lines) {
      recorder.take(delivery, lines.lines().toArray(String[]::new));
    }
  }

  private static String text(ConsumerRecord<String, String> record) {
    Header trace = record.headers().lastHeader("trace");
    return record.key()
        + "="
        + record.value()
        + (trace == null ? "" : " trace " + new String(trace.value(), StandardCharsets.UTF_8));
  }
}
