package io.drivetrain.outbox.internal;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.drivetrain.migrations.Migrations;
import io.drivetrain.outbox.Outbox;
import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Server;
import io.drivetrain.outbox.internal.observe.Metrics;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import jakarta.enterprise.inject.Produces;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What an application's OpenTelemetry is told of its outbox. */
@UseKafka
@UsePostgres
class MetricsTest {
  private static final String OUTBOX = "drivetrain.outbox.";

  private final KafkaBroker kafka;
  private final Postgres postgres;

  MetricsTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  /** The application's OpenTelemetry, as a server provides it. */
  public static class Telemetry {
    private static final InMemoryMetricReader READER = InMemoryMetricReader.create();
    private static final OpenTelemetrySdk SDK =
        OpenTelemetrySdk.builder()
            .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(READER).build())
            .build();

    @Produces
    OpenTelemetry openTelemetry() {
      return SDK;
    }
  }

  @Test
  void what_is_sent_parked_leased_and_waits_is_measured() throws Exception {
    Topic topic = kafka.newTopic("measured", 1);
    Topic blocking = kafka.newTopic("blocking", 1);
    String database = postgres.createDatabase();
    new Migrations(postgres.dataSource(database), "drivetrain").migrate();
    try (AgroalDataSource pool = Jta.pool(postgres, database)) {
      Map<String, String> settings =
          Map.of(
              "drivetrain.outbox.data-source",
              "jdbc/shop",
              "kafka.bootstrap.servers",
              kafka.bootstrapServers(),
              "drivetrain.outbox.lease",
              "1s",
              "drivetrain.outbox.topics." + blocking.name() + ".on-refused",
              "block-key");
      try (Server server =
          Server.start(Map.of("jdbc/shop", pool), settings, OutboxBeans.class, Telemetry.class)) {
        Outbox outbox = server.beans().select(Outbox.class).get();
        Jta.transaction(
            () -> {
              outbox
                  .message(topic.name())
                  .key("bad")
                  .value("v".getBytes(UTF_8))
                  .partition(7)
                  .publish();
              outbox
                  .message(blocking.name())
                  .key("bad")
                  .value("v".getBytes(UTF_8))
                  .partition(7)
                  .publish();
              outbox.publish(topic.name(), "k", "1".getBytes(UTF_8));
              outbox.publish(topic.name(), "k", "2".getBytes(UTF_8));
            });

        eventually(
            () ->
                assertThat(points())
                    .containsEntry(OUTBOX + "sent", 2.0)
                    .containsEntry(OUTBOX + "parked no-such-partition", 2.0)
                    .containsEntry(OUTBOX + "lease.changes taken", 1.0)
                    .containsEntry(OUTBOX + "late", 0.0)
                    .containsEntry(OUTBOX + "depth", 0.0)
                    .containsEntry(OUTBOX + "oldest.time", 0.0)
                    .containsEntry(OUTBOX + "blocked", 1.0)
                    .containsEntry(OUTBOX + "usable", 1.0)
                    .containsEntry(OUTBOX + "shards", 1.0)
                    .containsEntry(OUTBOX + "batch.size", 2.0));
        // Statistics reach the others when the server finds time.
        eventually(() -> assertThat(points().get(OUTBOX + "dead_rows")).isPositive());
        assertThat(points().get(OUTBOX + "send.duration")).isPositive();
        assertThat(points().get(OUTBOX + "delete.duration")).isPositive();

        postgres.execute(
            database,
            "insert into drivetrain.outbox_pause (topic, first_bucket, last_bucket) values ('',"
                + " 0, 63)");
        eventually(() -> assertThat(points()).containsEntry(OUTBOX + "usable", 0.0));
        Jta.transaction(() -> outbox.publish(topic.name(), "k", "3".getBytes(UTF_8)));
        eventually(
            () -> {
              assertThat(points()).containsEntry(OUTBOX + "depth", 1.0);
              assertThat(points().get(OUTBOX + "oldest.time")).isPositive();
            });
      }
      assertThat(points())
          .containsEntry(OUTBOX + "lease.changes returned", 1.0)
          .doesNotContainKey(OUTBOX + "depth");
    }
  }

  @Test
  void without_the_api_nothing_is_measured_and_nothing_fails() {
    ClassLoader without =
        new ClassLoader(getClass().getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.opentelemetry.")) {
              throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
          }
        };

    assertThat(Metrics.find(type -> Optional.empty(), without)).isSameAs(Metrics.NONE);
  }

  /** By name and what tells points apart; of a histogram its sum. */
  private static Map<String, Double> points() {
    Map<String, Double> points = new TreeMap<>();
    for (MetricData metric : Telemetry.READER.collectAllMetrics()) {
      metric
          .getLongSumData()
          .getPoints()
          .forEach(p -> points.put(name(metric, p.getAttributes()), (double) p.getValue()));
      metric
          .getLongGaugeData()
          .getPoints()
          .forEach(p -> points.put(name(metric, p.getAttributes()), (double) p.getValue()));
      metric
          .getDoubleGaugeData()
          .getPoints()
          .forEach(p -> points.put(name(metric, p.getAttributes()), p.getValue()));
      for (HistogramPointData p : metric.getHistogramData().getPoints()) {
        points.put(name(metric, p.getAttributes()), p.getSum());
      }
    }
    return points;
  }

  private static String name(MetricData metric, Attributes attributes) {
    assertThat(attributes.get(AttributeKey.stringKey("messaging.system"))).isEqualTo("kafka");
    StringBuilder name = new StringBuilder(metric.getName());
    for (String key : new String[] {"drivetrain.reason", "drivetrain.lease"}) {
      String value = attributes.get(AttributeKey.stringKey(key));
      if (value != null) {
        name.append(' ').append(value);
      }
    }
    return name.toString();
  }
}
