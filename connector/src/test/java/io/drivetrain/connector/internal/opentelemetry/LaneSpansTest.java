package io.drivetrain.connector.internal.opentelemetry;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.opentelemetry.Sdk.PRODUCER;
import static io.drivetrain.connector.internal.opentelemetry.Sdk.TRACE;
import static io.drivetrain.connector.internal.opentelemetry.Sdk.TRACEPARENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.observe.LaneObserver;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class LaneSpansTest {
  private static final String OTHER = "00-11111111111111111111111111111111-2222222222222222-01";

  private final Sdk sdk = new Sdk();
  private final LiveDelivery live = new LiveDelivery("in");
  private final LaneObserver lane = lane();

  private LaneObserver lane(String... keysAndValues) {
    return new OpenTelemetryTelemetry(sdk.sdk)
        .channel(Sdk.settings(keysAndValues), () -> null, () -> 0, InstantSource.system())
        .lane();
  }

  private void begin(ConsumerRecord<byte[], byte[]> record, int attempt) {
    live.begin(record, record, 1, attempt, null);
    lane.begin(live, record);
  }

  private void beginBatch(List<ConsumerRecord<byte[], byte[]>> records) {
    live.begin(records.get(0), records.get(records.size() - 1), records.size(), 1, null);
    lane.beginBatch(live, records);
  }

  @Test
  void a_delivery_is_a_span_with_the_names_of_the_conventions() {
    begin(Sdk.record(P0, 5), 2);
    lane.end(1, null);

    SpanData span = sdk.onlySpan();
    assertThat(span.getName()).isEqualTo("process orders");
    assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(span.getAttributes().asMap())
        .containsEntry(Names.SYSTEM, "kafka")
        .containsEntry(Names.OPERATION, "process")
        .containsEntry(Names.OPERATION_TYPE, "process")
        .containsEntry(Names.TOPIC, "orders")
        .containsEntry(Names.PARTITION, "0")
        .containsEntry(Names.GROUP, "shop")
        .containsEntry(Names.OFFSET, 5L)
        .containsEntry(Names.CHANNEL, "in")
        .containsEntry(Names.ATTEMPT, 2L)
        .doesNotContainKey(Names.ERROR);
    assertThat(span.getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void the_span_of_a_record_continues_its_producers_trace_and_links_to_it() {
    begin(Sdk.traced(P0, 5, TRACEPARENT), 1);
    lane.end(1, null);

    SpanData span = sdk.onlySpan();
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(PRODUCER);
    assertThat(span.getLinks())
        .singleElement()
        .satisfies(link -> assertThat(link.getSpanContext().getSpanId()).isEqualTo(PRODUCER));
  }

  @Test
  void a_header_that_is_no_context_begins_a_trace() {
    begin(Sdk.traced(P0, 5, "nonsense"), 1);
    lane.end(1, null);

    assertThat(sdk.onlySpan().getParentSpanContext().isValid()).isFalse();
    assertThat(sdk.onlySpan().getLinks()).isEmpty();
  }

  @Test
  void a_batch_is_one_span_linked_to_each_producer_once() {
    beginBatch(
        List.of(
            Sdk.traced(P0, 0, TRACEPARENT),
            Sdk.record(P0, 1),
            Sdk.traced(P0, 2, OTHER),
            Sdk.traced(P0, 3, TRACEPARENT)));
    lane.end(4, null);

    SpanData span = sdk.onlySpan();
    assertThat(span.getParentSpanContext().isValid()).isFalse();
    assertThat(span.getAttributes().get(Names.BATCH)).isEqualTo(4);
    assertThat(span.getLinks())
        .extracting(link -> link.getSpanContext().getSpanId())
        .containsExactly(PRODUCER, "2222222222222222");
  }

  @Test
  void the_span_is_current_while_the_delivery_lasts_and_not_after() {
    begin(Sdk.record(P0, 0), 1);
    String inside = Span.current().getSpanContext().getSpanId();
    lane.end(1, null);

    assertThat(inside).isEqualTo(sdk.onlySpan().getSpanId());
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
  }

  @Test
  void a_failure_is_an_error_with_its_exception() {
    begin(Sdk.record(P0, 0), 1);
    lane.end(0, new IllegalStateException("boom"));

    SpanData span = sdk.onlySpan();
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.getAttributes().get(Names.ERROR))
        .isEqualTo(IllegalStateException.class.getName());
    assertThat(span.getEvents()).singleElement().extracting("name").isEqualTo("exception");
  }

  @Test
  void a_delivery_without_an_answer_ends_its_span() {
    begin(Sdk.record(P0, 0), 1);
    lane.abandoned();

    assertThat(sdk.onlySpan().getEvents())
        .singleElement()
        .extracting("name")
        .isEqualTo("abandoned");
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
  }

  @Test
  void tracing_can_be_turned_off_and_metrics_go_on() {
    LaneObserver untraced = lane("tracing-enabled", "false");
    ConsumerRecord<byte[], byte[]> record = Sdk.record(P0, 0);
    live.begin(record, record, 1, 1, null);
    untraced.begin(live, record);
    untraced.end(1, null);
    untraced.flush();

    assertThat(sdk.spans()).isEmpty();
    assertThat(sdk.points(Instrument.CONSUMED)).containsExactly("1");
  }
}
