package io.drivetrain.connector.internal.opentelemetry;

import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.observe.SendObserver;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Metrics of all sends, and a span for each whose context travels in the record's headers.
 * Thread-safe.
 */
final class ObservedSends implements SendObserver {
  private static final Logger LOG = System.getLogger(ObservedSends.class.getName());
  private static final double NANOS = 1e9;

  private final Optional<Metrics> metrics;
  private final Optional<Tracer> tracer;
  private final TextMapPropagator propagator;
  private final Map<String, Attributes> topics = new ConcurrentHashMap<>();
  private final AtomicBoolean failed = new AtomicBoolean();

  ObservedSends(Optional<Metrics> metrics, Optional<Tracer> tracer, TextMapPropagator propagator) {
    this.metrics = metrics;
    this.tracer = tracer;
    this.propagator = propagator;
  }

  @Override
  public Sent begin(ProducerRecord<byte[], byte[]> record) {
    try {
      return observed(record);
    } catch (RuntimeException | LinkageError e) {
      failed(e);
      return Sent.NONE;
    }
  }

  private Sent observed(ProducerRecord<byte[], byte[]> record) {
    Attributes attributes = topics.computeIfAbsent(record.topic(), ObservedSends::attributes);
    Context context = Context.current();
    Optional<Span> span = tracer.map(spans -> start(spans, record, attributes));
    Context within = span.map(context::with).orElse(context);
    long begun = System.nanoTime();
    return failure -> {
      try {
        metrics.ifPresent(all -> measure(all, attributes, begun, failure, within));
        span.ifPresent(started -> end(started, failure));
      } catch (RuntimeException | LinkageError e) {
        failed(e);
      }
    };
  }

  private void failed(Throwable e) {
    if (failed.compareAndSet(false, true)) {
      LOG.log(Level.WARNING, "metrics or traces of sends fail; this is said once", e);
    }
  }

  private static Attributes attributes(String topic) {
    return Attributes.of(
        Names.SYSTEM,
        "kafka",
        Names.OPERATION,
        "send",
        Names.OPERATION_TYPE,
        "send",
        Names.TOPIC,
        topic);
  }

  private Span start(Tracer spans, ProducerRecord<byte[], byte[]> record, Attributes attributes) {
    SpanBuilder builder =
        spans
            .spanBuilder("send " + record.topic())
            .setSpanKind(SpanKind.PRODUCER)
            .setAllAttributes(attributes);
    if (record.value() == null) {
      builder.setAttribute(Names.TOMBSTONE, true);
    }
    boolean ownContext = hasOwnContext(record.headers());
    if (ownContext) {
      builder.addLink(contextOf(record.headers()));
    }
    Span span = builder.startSpan();
    if (!ownContext) {
      propagator.inject(Context.current().with(span), record.headers(), RecordHeadersMap::set);
    }
    return span;
  }

  /**
   * Whether the program gave the record a context of its own, which is kept. One that it copied
   * with the headers of the record it processes is not: that is where this trace comes from.
   */
  private boolean hasOwnContext(Headers headers) {
    SpanContext given = contextOf(headers);
    if (!given.isValid()) {
      return false;
    }
    LiveDelivery delivery = LiveDelivery.ofThisThread();
    return delivery == null || !given.equals(contextOf(delivery.headers()));
  }

  private SpanContext contextOf(Headers headers) {
    return Span.fromContext(propagator.extract(Context.root(), headers, RecordHeadersMap.GETTER))
        .getSpanContext();
  }

  private static void measure(
      Metrics metrics, Attributes topic, long begun, Throwable failure, Context context) {
    double seconds = (System.nanoTime() - begun) / NANOS;
    Attributes attributes = failure == null ? topic : Names.failed(topic, failure);
    metrics.sent.add(1, attributes, context);
    metrics.operationDuration.record(seconds, attributes, context);
  }

  private static void end(Span span, Throwable failure) {
    if (failure != null) {
      span.setStatus(StatusCode.ERROR);
      span.setAttribute(Names.ERROR, failure.getClass().getName());
      span.recordException(failure);
    }
    span.end();
  }
}
