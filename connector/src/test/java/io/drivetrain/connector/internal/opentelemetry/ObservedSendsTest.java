package io.drivetrain.connector.internal.opentelemetry;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.opentelemetry.Sdk.PRODUCER;
import static io.drivetrain.connector.internal.opentelemetry.Sdk.TRACEPARENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.observe.LaneObserver;
import io.drivetrain.connector.internal.observe.SendObserver;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObservedSendsTest {
  private static final String OTHER = "00-11111111111111111111111111111111-2222222222222222-01";

  private final Sdk sdk = new Sdk();
  private final OpenTelemetryTelemetry telemetry = new OpenTelemetryTelemetry(sdk.sdk);
  private final SendObserver sends = telemetry.sends(true);
  private final LiveDelivery live = new LiveDelivery("in");

  @AfterEach
  void unbind() {
    live.unbind();
  }

  private static ProducerRecord<byte[], byte[]> record() {
    return new ProducerRecord<>("invoices", "v".getBytes(StandardCharsets.UTF_8));
  }

  private static ProducerRecord<byte[], byte[]> record(String traceparent) {
    ProducerRecord<byte[], byte[]> record = record();
    record.headers().add("traceparent", traceparent.getBytes(StandardCharsets.UTF_8));
    return record;
  }

  private static String traceparent(ProducerRecord<?, ?> record) {
    return new String(record.headers().lastHeader("traceparent").value(), StandardCharsets.UTF_8);
  }

  private SpanData sendSpan() {
    return sdk.spans().stream()
        .filter(span -> span.getKind() == SpanKind.PRODUCER)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no send among " + sdk.spans()));
  }

  /** Sends within the delivery of a record. */
  private void within(ConsumerRecord<byte[], byte[]> consumed, Runnable work) {
    LaneObserver lane =
        telemetry.channel(Sdk.settings(), () -> null, () -> 0, InstantSource.system()).lane();
    live.bind();
    live.begin(consumed, consumed, 1, 1, null);
    lane.begin(live, consumed);
    work.run();
    lane.end(1, null);
  }

  @Test
  void a_send_is_a_span_whose_context_travels_with_the_record() {
    ProducerRecord<byte[], byte[]> record = record();
    sends.begin(record).end(null);

    SpanData span = sendSpan();
    assertThat(span.getName()).isEqualTo("send invoices");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(span.getAttributes().asMap())
        .containsEntry(Names.SYSTEM, "kafka")
        .containsEntry(Names.OPERATION, "send")
        .containsEntry(Names.TOPIC, "invoices");
    assertThat(traceparent(record))
        .startsWith("00-" + span.getTraceId() + "-" + span.getSpanId() + "-");
  }

  @Test
  void a_send_of_a_delivery_belongs_to_its_span() {
    within(Sdk.traced(P0, 0, TRACEPARENT), () -> sends.begin(record()).end(null));

    SpanData process = sdk.spans().get(1);
    assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(sendSpan().getParentSpanId()).isEqualTo(process.getSpanId());
    assertThat(sendSpan().getTraceId()).isEqualTo(Sdk.TRACE);
  }

  @Test
  void a_context_that_the_program_set_is_kept_and_linked() {
    ProducerRecord<byte[], byte[]> record = record(OTHER);
    within(Sdk.traced(P0, 0, TRACEPARENT), () -> sends.begin(record).end(null));

    assertThat(traceparent(record)).isEqualTo(OTHER);
    assertThat(sendSpan().getLinks())
        .singleElement()
        .satisfies(
            link -> assertThat(link.getSpanContext().getSpanId()).isEqualTo("2222222222222222"));
  }

  @Test
  void a_context_copied_with_the_headers_of_the_record_being_processed_is_replaced() {
    ProducerRecord<byte[], byte[]> record = record(TRACEPARENT);
    within(Sdk.traced(P0, 0, TRACEPARENT), () -> sends.begin(record).end(null));

    assertThat(traceparent(record)).contains(sendSpan().getSpanId()).doesNotContain(PRODUCER);
    assertThat(record.headers().headers("traceparent")).hasSize(1);
  }

  @Test
  void a_failed_send_is_an_error_and_counted_as_one() {
    sends.begin(record()).end(new IllegalStateException("refused"));
    sends.begin(record()).end(null);

    assertThat(sdk.spans().get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(sdk.points(Instrument.SENT, "messaging.destination.name", "error.type"))
        .containsExactly("1 invoices", "1 invoices java.lang.IllegalStateException");
    assertThat(sdk.points(Instrument.OPERATION_DURATION)).hasSize(2);
  }

  @Test
  void without_tracing_there_are_metrics_only() {
    ProducerRecord<byte[], byte[]> record = record();
    telemetry.sends(false).begin(record).end(null);

    assertThat(sdk.spans()).isEmpty();
    assertThat(record.headers()).isEmpty();
    assertThat(sdk.points(Instrument.SENT)).containsExactly("1");
  }
}
