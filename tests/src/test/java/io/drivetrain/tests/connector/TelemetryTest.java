package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Delivery;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

@UseKafka
class TelemetryTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PRODUCER = "b7ad6b7169203331";
  private static final String OUT = "mp.messaging.outgoing.out.";

  private final InMemoryMetricReader reader = InMemoryMetricReader.create();
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final OpenTelemetry sdk =
      OpenTelemetrySdk.builder()
          .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                  .build())
          .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
          .build();

  @ApplicationScoped
  static class Forwarder {
    @Inject
    @Channel("out")
    Emitter<String> out;

    @Inject Delivery delivery;

    @Incoming("in")
    void forward(String value) {
      if (value.equals("poison") && delivery.attempt() == 1) {
        throw new IllegalStateException("poison");
      }
      out.send(value);
    }
  }

  private WeldApp forwarding(KafkaBroker broker, Topic from, Topic to) {
    return Apps.reading(broker, from)
        .and(
            OUT + "connector",
            "drivetrain",
            OUT + "topic",
            to.name(),
            OUT + "bootstrap.servers",
            broker.bootstrapServers(),
            Apps.IN + "pause-timeout",
            "0")
        .beans(Forwarder.class)
        .instance(OpenTelemetry.class, sdk)
        .start();
  }

  private List<SpanData> spans(String name) {
    return exporter.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .toList();
  }

  private long sum(String metric, String topic) {
    return reader.collectAllMetrics().stream()
        .filter(data -> data.getName().equals(metric))
        .flatMap(data -> data.getLongSumData().getPoints().stream())
        .filter(
            point ->
                topic.equals(
                    point
                        .getAttributes()
                        .get(AttributeKey.stringKey("messaging.destination.name"))))
        .mapToLong(LongPointData::getValue)
        .sum();
  }

  @Test
  void a_trace_goes_from_the_producer_through_the_method_to_what_it_sends(KafkaBroker broker) {
    Topic from = broker.newTopic("from", 1);
    Topic to = broker.newTopic("to", 1);
    try (WeldApp app = forwarding(broker, from, to)) {
      from.send("k", "v", Map.of("traceparent", "00-" + TRACE + "-" + PRODUCER + "-01"));
      eventually(() -> assertThat(to.records()).hasSize(1));
      eventually(() -> assertThat(spans("process " + from.name())).hasSize(1));

      SpanData process = spans("process " + from.name()).get(0);
      SpanData send = spans("send " + to.name()).get(0);
      assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
      assertThat(process.getTraceId()).isEqualTo(TRACE);
      assertThat(process.getParentSpanId()).isEqualTo(PRODUCER);
      assertThat(send.getKind()).isEqualTo(SpanKind.PRODUCER);
      assertThat(send.getParentSpanId()).isEqualTo(process.getSpanId());
      ConsumerRecord<?, ?> sent = to.records().get(0);
      assertThat(
              new String(sent.headers().lastHeader("traceparent").value(), StandardCharsets.UTF_8))
          .startsWith("00-" + TRACE + "-" + send.getSpanId());
    }
  }

  @Test
  void a_failed_delivery_is_a_span_of_its_own_and_counted(KafkaBroker broker) {
    Topic from = broker.newTopic("from", 1);
    Topic to = broker.newTopic("to", 1);
    try (WeldApp app = forwarding(broker, from, to)) {
      from.send("k", "v");
      from.send("k", "poison");
      eventually(() -> assertThat(to.records()).hasSize(2));
      eventually(() -> assertThat(spans("process " + from.name())).hasSize(3));

      assertThat(spans("process " + from.name()))
          .extracting(span -> span.getStatus().getStatusCode())
          .containsExactly(StatusCode.UNSET, StatusCode.ERROR, StatusCode.UNSET);
      eventually(
          () -> {
            assertThat(sum("messaging.client.consumed.messages", from.name())).isEqualTo(3);
            assertThat(sum("drivetrain.channel.failures", from.name())).isEqualTo(1);
            assertThat(sum("messaging.client.sent.messages", to.name())).isEqualTo(2);
          });
      assertThat(reader.collectAllMetrics())
          .extracting(data -> data.getName())
          .contains("drivetrain.channel.alive", "drivetrain.channel.queued");
    }
  }

  @Test
  void nothing_is_traced_that_is_not_to_be(KafkaBroker broker) {
    Topic from = broker.newTopic("from", 1);
    Recorder recorder = new Recorder();
    try (WeldApp app =
        Apps.readingRecords(broker, from, recorder)
            .and(Apps.IN + "tracing-enabled", "false")
            .instance(OpenTelemetry.class, sdk)
            .start()) {
      from.send("k", "v");
      eventually(() -> assertThat(recorder.all()).hasSize(1));
      eventually(
          () -> assertThat(sum("messaging.client.consumed.messages", from.name())).isEqualTo(1));
    }
    assertThat(exporter.getFinishedSpanItems()).isEmpty();
  }
}
