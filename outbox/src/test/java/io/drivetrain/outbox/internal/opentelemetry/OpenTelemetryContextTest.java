package io.drivetrain.outbox.internal.opentelemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.EncodedMessage.Header;
import io.drivetrain.outbox.internal.trace.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenTelemetryContextTest {
  private final TraceContext trace = TraceContext.find();

  @Test
  void an_event_carries_the_span_that_publishes_it_behind_its_own_headers() throws Exception {
    try (SdkTracerProvider provider = tracing()) {
      Span span = provider.get("test").spanBuilder("place").startSpan();

      EncodedMessage carried = within(span, message(new Header("source", bytes("shop"))));

      assertThat(carried.headers()).hasSize(2);
      assertThat(carried.headers().get(0).name()).isEqualTo("source");
      assertThat(carried.headers().get(1).name()).isEqualTo("traceparent");
      assertThat(new String(carried.headers().get(1).value(), UTF_8))
          .isEqualTo(
              "00-"
                  + span.getSpanContext().getTraceId()
                  + "-"
                  + span.getSpanContext().getSpanId()
                  + "-"
                  + span.getSpanContext().getTraceFlags().asHex());
      assertThat(carried.partition()).isEqualTo(1);
      assertThat(carried.timestamp()).isEqualTo(2);
      assertThat(carried.deliverAt()).isEqualTo(3);
    }
  }

  private EncodedMessage within(Span span, EncodedMessage message) throws Exception {
    return Context.current().with(span).wrap(() -> trace.carry(message)).call();
  }

  @Test
  void a_context_of_its_own_is_kept() throws Exception {
    try (SdkTracerProvider provider = tracing()) {
      Span span = provider.get("test").spanBuilder("place").startSpan();
      EncodedMessage message = message(new Header("traceparent", bytes("own")));

      assertThat(within(span, message)).isSameAs(message);
    }
  }

  @Test
  void without_a_span_nothing_is_added() {
    EncodedMessage message = message();

    assertThat(trace.carry(message)).isSameAs(message);
  }

  @Test
  void without_the_api_nothing_is_carried_and_nothing_fails() {
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

    assertThat(TraceContext.find(without)).isSameAs(TraceContext.NONE);
    EncodedMessage message = message();
    assertThat(TraceContext.NONE.carry(message)).isSameAs(message);
  }

  private static EncodedMessage message(Header... headers) {
    return new EncodedMessage("t", bytes("k"), bytes("v"), List.of(headers), 1, 2L, 3L);
  }

  /** Without a processor its spans would not be valid. */
  private static SdkTracerProvider tracing() {
    return SdkTracerProvider.builder()
        .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
        .build();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
