package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.internal.observe.LaneObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The listeners of a channel. Whatever one throws is logged and goes no further: it must not end a
 * thread of the channel. Thread-safe.
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
      } catch (VirtualMachineError e) {
        throw e;
      } catch (Throwable e) {
        LOG.log(
            Level.WARNING,
            "channel " + channel + ": listener " + listener.getClass().getName() + " failed",
            e);
      }
    }
  }

  /** What a lane has to report to for {@link ChannelListener#processed}; a no-op if nobody does. */
  LaneObserver lane(String channel, Time time) {
    List<ChannelListener> hearing = listeners.stream().filter(Listeners::hearsProcessed).toList();
    return hearing.isEmpty()
        ? LaneObserver.NONE
        : new ProcessedEvents(channel, new Listeners(hearing), time);
  }

  private static boolean hearsProcessed(ChannelListener listener) {
    Class<?> type = listener.getClass();
    // A client proxy has every method of the bean's class, its superclass.
    boolean proxy =
        Arrays.stream(type.getInterfaces())
            .anyMatch(face -> face.getName().equals("org.jboss.weld.proxy.WeldClientProxy"));
    if (proxy && ChannelListener.class.isAssignableFrom(type.getSuperclass())) {
      type = type.getSuperclass();
    }
    try {
      return type.getMethod("processed", Delivery.class, Duration.class).getDeclaringClass()
          != ChannelListener.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }
}
