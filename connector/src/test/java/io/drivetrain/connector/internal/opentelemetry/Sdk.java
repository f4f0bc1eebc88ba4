package io.drivetrain.connector.internal.opentelemetry;

import io.drivetrain.connector.internal.MapConfig;
import io.drivetrain.connector.internal.assignment.Records;
import io.drivetrain.connector.internal.settings.IncomingSettings;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** An OpenTelemetry that keeps what it is told, and what is told to it in these tests. */
final class Sdk {
  static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  static final String PRODUCER = "b7ad6b7169203331";
  static final String TRACEPARENT = "00-" + TRACE + "-" + PRODUCER + "-01";

  final InMemoryMetricReader reader = InMemoryMetricReader.create();
  final InMemorySpanExporter spans = InMemorySpanExporter.create();
  final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
          .build();

  static IncomingSettings settings(String... keysAndValues) {
    return IncomingSettings.read(
        "in",
        MapConfig.of("topic", "orders", "group.id", "shop", "bootstrap.servers", "127.0.0.1:1")
            .and(keysAndValues),
        MapConfig.of(),
        Optional::empty);
  }

  static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset) {
    return Records.record(partition, offset);
  }

  /** A record whose producer sent its context along. */
  static ConsumerRecord<byte[], byte[]> traced(
      TopicPartition partition, long offset, String traceparent) {
    ConsumerRecord<byte[], byte[]> record = record(partition, offset);
    record.headers().add("traceparent", traceparent.getBytes(StandardCharsets.UTF_8));
    return record;
  }

  List<SpanData> spans() {
    return spans.getFinishedSpanItems();
  }

  SpanData onlySpan() {
    if (spans().size() != 1) {
      throw new AssertionError("expected one span, not " + spans());
    }
    return spans().get(0);
  }

  private MetricData metric(Instrument instrument) {
    return reader.collectAllMetrics().stream()
        .filter(metric -> metric.getName().equals(instrument.id()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing measured as " + instrument.id()));
  }

  /** "value attributes" of each point of a counter or gauge, with these attributes only. */
  List<String> points(Instrument instrument, String... attributes) {
    MetricData metric = metric(instrument);
    return switch (metric.getType()) {
      case LONG_SUM ->
          metric.getLongSumData().getPoints().stream()
              .map(point -> point.getValue() + shown(point.getAttributes(), attributes))
              .sorted()
              .toList();
      case LONG_GAUGE ->
          metric.getLongGaugeData().getPoints().stream()
              .map(point -> point.getValue() + shown(point.getAttributes(), attributes))
              .sorted()
              .toList();
      case DOUBLE_GAUGE ->
          metric.getDoubleGaugeData().getPoints().stream()
              .map(point -> point.getValue() + shown(point.getAttributes(), attributes))
              .sorted()
              .toList();
      case HISTOGRAM ->
          metric.getHistogramData().getPoints().stream()
              .map(
                  point ->
                      point.getCount()
                          + "x sum "
                          + point.getSum()
                          + shown(point.getAttributes(), attributes))
              .sorted()
              .toList();
      default -> throw new AssertionError(metric.getType());
    };
  }

  private static String shown(Attributes attributes, String... keys) {
    StringBuilder text = new StringBuilder();
    for (String key : keys) {
      attributes.forEach(
          (name, value) -> {
            if (name.getKey().equals(key)) {
              text.append(' ').append(value);
            }
          });
    }
    return text.toString();
  }
}
