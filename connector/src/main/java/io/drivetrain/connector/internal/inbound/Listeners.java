package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.ChannelListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;

/**
 * The listeners of all channels. An exception of one is logged and goes no further. Thread-safe.
 */
public final class Listeners {
  private static final Logger LOG = System.getLogger(Listeners.class.getName());

  private final List<ChannelListener> listeners;

  /** Calls them in this order. */
  public Listeners(List<ChannelListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  boolean isEmpty() {
    return listeners.isEmpty();
  }

  void tell(String channel, Consumer<ChannelListener> event) {
    for (ChannelListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.log(
            Level.WARNING,
            "channel " + channel + ": listener " + listener.getClass().getName() + " failed",
            e);
      }
    }
  }
}
