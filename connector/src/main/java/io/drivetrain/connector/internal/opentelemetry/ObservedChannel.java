package io.drivetrain.connector.internal.opentelemetry;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.internal.observe.ChannelTelemetry;
import io.drivetrain.connector.internal.observe.LaneObserver;
import java.util.Optional;
import java.util.function.Supplier;

/** Metrics and traces of one incoming channel. Thread-safe. */
record ObservedChannel(
    Optional<ChannelListener> listener, Supplier<LaneObserver> lanes, Runnable end)
    implements ChannelTelemetry {

  @Override
  public LaneObserver lane() {
    return lanes.get();
  }

  @Override
  public void close() {
    end.run();
  }
}
