package io.drivetrain.connector.internal.opentelemetry;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.internal.observe.ChannelTelemetry;
import io.drivetrain.connector.internal.observe.LaneObserver;
import io.drivetrain.connector.internal.observe.SendObserver;
import io.drivetrain.connector.internal.observe.Telemetry;
import io.drivetrain.connector.internal.settings.IncomingSettings;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Metrics and traces of all channels through one OpenTelemetry. Thread-safe. */
final class OpenTelemetryTelemetry implements Telemetry {
  private final Optional<Metrics> metrics;
  private final Optional<Gauges> gauges;
  private final Optional<Tracer> tracer;
  private final TextMapPropagator propagator;
  private final SendObserver tracedSends;
  private final SendObserver plainSends;

  OpenTelemetryTelemetry(OpenTelemetry openTelemetry) {
    MeterProvider meters = openTelemetry.getMeterProvider();
    Optional<Meter> meter =
        meters == MeterProvider.noop() ? Optional.empty() : Optional.of(meters.get(Names.SCOPE));
    metrics = meter.map(Metrics::new);
    gauges = meter.map(Gauges::new);
    TracerProvider tracers = openTelemetry.getTracerProvider();
    tracer =
        tracers == TracerProvider.noop() ? Optional.empty() : Optional.of(tracers.get(Names.SCOPE));
    propagator = openTelemetry.getPropagators().getTextMapPropagator();
    tracedSends = new ObservedSends(metrics, tracer, propagator);
    plainSends = new ObservedSends(metrics, Optional.empty(), propagator);
  }

  @Override
  public ChannelTelemetry channel(
      IncomingSettings settings,
      Supplier<ChannelState> state,
      LongSupplier nanos,
      InstantSource clock) {
    Attributes attributes = Names.channel(settings.channel(), settings.group());
    gauges.ifPresent(all -> all.add(attributes, state, clock));
    return new ObservedChannel(
        metrics.map(all -> new EventCounts(attributes, all)),
        () -> lane(attributes, settings.tracing(), nanos),
        () -> gauges.ifPresent(all -> all.remove(attributes)));
  }

  private LaneObserver lane(Attributes attributes, boolean traced, LongSupplier nanos) {
    List<LaneObserver> observers = new ArrayList<>();
    // Measured within the span, so that a histogram's exemplars lead to it.
    metrics.ifPresent(
        all -> observers.add(LaneObserver.guarded(new LaneMetrics(attributes, all, nanos))));
    tracer
        .filter(spans -> traced)
        .ifPresent(
            spans ->
                observers.add(LaneObserver.guarded(new LaneSpans(attributes, spans, propagator))));
    return LaneObserver.all(observers);
  }

  @Override
  public SendObserver sends(boolean traced) {
    return traced ? tracedSends : plainSends;
  }

  @Override
  public void close() {
    gauges.ifPresent(Gauges::close);
  }
}
