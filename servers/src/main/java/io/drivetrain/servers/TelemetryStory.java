package io.drivetrain.servers;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shop as in production, and what the collector sees of it. */
public abstract class TelemetryStory extends ProductionStory {

  @Test
  void a_delivery_goes_on_with_the_trace_of_the_request_that_wrote_the_event() {
    eventually(
        () -> {
          List<Span> spans = collector().spans();
          assertThat(spans)
              .filteredOn(span -> span.getName().equals("process orders"))
              .filteredOn(span -> says(span, "messaging.consumer.group.name", "shop-billing"))
              .anySatisfy(
                  delivery ->
                      assertThat(spans)
                          .filteredOn(span -> span.getTraceId().equals(delivery.getTraceId()))
                          .anyMatch(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER));
        });
  }

  private static boolean says(Span span, String attribute, String value) {
    return span.getAttributesList().stream()
        .anyMatch(
            one -> one.getKey().equals(attribute) && one.getValue().getStringValue().equals(value));
  }

  @Test
  void what_channels_measure_is_exported() {
    eventually(
        () ->
            assertThat(collector().metrics())
                .contains(
                    "messaging.client.consumed.messages",
                    "messaging.process.duration",
                    "messaging.client.sent.messages",
                    "messaging.client.operation.duration",
                    "drivetrain.channel.batch.size",
                    "drivetrain.channel.commits",
                    "drivetrain.channel.rebalances",
                    "drivetrain.channel.lag.records",
                    "drivetrain.channel.lag.time",
                    "drivetrain.channel.partitions",
                    "drivetrain.channel.alive",
                    "drivetrain.channel.queued"));
  }
}
