package io.drivetrain.connector.internal.opentelemetry;

import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.internal.observe.LaneObserver;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One span per delivery, current on the delivering thread while it lasts. Owned by the lane's
 * thread. The span of a record continues its producer's trace; that of a batch is linked to the
 * producers' of its records.
 */
final class LaneSpans implements LaneObserver {
  private final Attributes attributes;
  private final Tracer tracer;
  private final TextMapPropagator propagator;
  private Span span = Span.getInvalid();
  private Scope scope = Scope.noop();

  LaneSpans(Attributes channel, Tracer tracer, TextMapPropagator propagator) {
    this.attributes =
        channel.toBuilder()
            .put(Names.OPERATION, "process")
            .put(Names.OPERATION_TYPE, "process")
            .build();
    this.tracer = tracer;
    this.propagator = propagator;
  }

  @Override
  public void begin(Delivery delivery, ConsumerRecord<byte[], byte[]> record) {
    Context producer = producerOf(record);
    SpanBuilder builder =
        builder(delivery).setParent(producer).setAttribute(Names.OFFSET, record.offset());
    SpanContext link = Span.fromContext(producer).getSpanContext();
    if (link.isValid()) {
      builder.addLink(link);
    }
    if (record.value() == null) {
      builder.setAttribute(Names.TOMBSTONE, true);
    }
    start(builder);
  }

  @Override
  public void beginBatch(Delivery delivery, List<ConsumerRecord<byte[], byte[]>> records) {
    SpanBuilder builder =
        builder(delivery).setNoParent().setAttribute(Names.BATCH, (long) records.size());
    Set<SpanContext> links = new LinkedHashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      SpanContext link = Span.fromContext(producerOf(record)).getSpanContext();
      if (link.isValid() && links.add(link)) {
        builder.addLink(link);
      }
    }
    start(builder);
  }

  private Context producerOf(ConsumerRecord<byte[], byte[]> record) {
    return propagator.extract(Context.root(), record.headers(), RecordHeadersMap.GETTER);
  }

  private SpanBuilder builder(Delivery delivery) {
    return tracer
        .spanBuilder("process " + delivery.topic())
        .setSpanKind(SpanKind.CONSUMER)
        .setAllAttributes(attributes)
        .setAttribute(Names.TOPIC, delivery.topic())
        .setAttribute(Names.PARTITION, Integer.toString(delivery.partition()))
        .setAttribute(Names.ATTEMPT, (long) delivery.attempt());
  }

  private void start(SpanBuilder builder) {
    span = builder.startSpan();
    scope = span.makeCurrent();
  }

  @Override
  public void end(int done, Throwable failure) {
    if (failure != null) {
      span.setStatus(StatusCode.ERROR);
      span.setAttribute(Names.ERROR, failure.getClass().getName());
      span.recordException(failure);
    }
    end();
  }

  @Override
  public void abandoned() {
    span.addEvent("abandoned");
    end();
  }

  private void end() {
    scope.close();
    span.end();
    scope = Scope.noop();
    span = Span.getInvalid();
  }

  @Override
  public void flush() {}
}
