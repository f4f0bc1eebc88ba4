package io.drivetrain.connector.internal.observe;

import io.drivetrain.connector.ChannelListener;
import java.util.Optional;

/** What measures one incoming channel. Thread-safe. */
public interface ChannelTelemetry {

  /** Measures nothing. */
  ChannelTelemetry NONE =
      new ChannelTelemetry() {
        @Override
        public Optional<ChannelListener> listener() {
          return Optional.empty();
        }

        @Override
        public LaneObserver lane() {
          return LaneObserver.NONE;
        }

        @Override
        public void close() {}
      };

  /** What wants to hear the rarer events. */
  Optional<ChannelListener> listener();

  /** One more lane's observer. */
  LaneObserver lane();

  /** The channel has stopped. */
  void close();
}
