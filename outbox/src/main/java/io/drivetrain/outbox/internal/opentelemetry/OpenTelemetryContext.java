package io.drivetrain.outbox.internal.opentelemetry;

import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.EncodedMessage.Header;
import io.drivetrain.outbox.internal.trace.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The current span as the headers {@code traceparent} and {@code tracestate}: always in that form,
 * because an event may wait for long and be read by anyone. Stateless. Made by name.
 */
public final class OpenTelemetryContext implements TraceContext {
  private static final String TRACEPARENT = "traceparent";

  @Override
  public EncodedMessage carry(EncodedMessage message) {
    Context context = Context.current();
    if (!Span.fromContext(context).getSpanContext().isValid()
        || message.headers().stream().anyMatch(header -> header.name().equals(TRACEPARENT))) {
      return message;
    }
    List<Header> headers = new ArrayList<>(message.headers());
    W3CTraceContextPropagator.getInstance()
        .inject(
            context,
            headers,
            (list, name, value) ->
                list.add(new Header(name, value.getBytes(StandardCharsets.UTF_8))));
    return new EncodedMessage(
        message.topic(),
        message.key(),
        message.value(),
        headers,
        message.partition(),
        message.timestamp(),
        message.deliverAt());
  }
}
