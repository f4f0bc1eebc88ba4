package io.drivetrain.outbox.internal.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.OutboxStatus;
import io.drivetrain.outbox.ParkReason;
import io.drivetrain.outbox.internal.observe.Metrics;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What docs/outbox.md says of metrics, what is declared and what is emitted are the same. */
class MetricsDocumentationTest {

  @Test
  void every_metric_is_in_the_documentation_as_it_is_declared_and_no_other() throws IOException {
    assertThat(documented())
        .containsExactlyElementsOf(
            Arrays.stream(Instrument.values())
                .map(Instrument::declared)
                .map(each -> row(each.id(), each.kind().word(), each.unit(), each.doc()))
                .toList());
  }

  @Test
  void every_metric_in_the_documentation_is_emitted_and_no_other() throws IOException {
    InMemoryMetricReader reader = InMemoryMetricReader.create();
    try (SdkMeterProvider meters =
        SdkMeterProvider.builder().registerMetricReader(reader).build()) {
      OpenTelemetryMetrics metrics = new OpenTelemetryMetrics(meters.get("test"));
      metrics.watch(
          () ->
              new OutboxStatus.Snapshot(
                  Optional.of("n"), true, 1, 1, 5, Optional.empty(), 2, 3, 1, 0, Optional.empty()));
      metrics.sent(1);
      metrics.batch(1, Duration.ofMillis(5));
      metrics.deleted(Duration.ofMillis(5));
      metrics.parked(ParkReason.TOO_LARGE, 1);
      metrics.dropped(1);
      metrics.lease(Metrics.LeaseChange.TAKEN);

      assertThat(reader.collectAllMetrics().stream().map(MetricsDocumentationTest::row))
          .containsExactlyInAnyOrderElementsOf(documented());
      metrics.close();
    }
  }

  private static String row(MetricData data) {
    String kind =
        switch (data.getType()) {
          case LONG_SUM -> "counter";
          case HISTOGRAM -> "histogram";
          case LONG_GAUGE, DOUBLE_GAUGE -> "gauge";
          default -> data.getType().toString();
        };
    return row(data.getName(), kind, data.getUnit(), data.getDescription());
  }

  private static String row(String name, String kind, String unit, String meaning) {
    return "| `" + name + "` | " + kind + " | " + unit + " | " + meaning + " |";
  }

  private static List<String> documented() throws IOException {
    return Files.readAllLines(Path.of("..", "docs", "outbox.md")).stream()
        .filter(
            line -> line.matches("\\| `drivetrain\\.[a-z_.]+` \\| (counter|histogram|gauge) .*"))
        .toList();
  }
}
