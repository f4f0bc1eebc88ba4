package io.drivetrain.connector.internal.inbound;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * What keeps a channel from working now, in words. The poll thread reports; any thread reads. One
 * line in the log when a problem begins or changes, one when it is over.
 */
final class Problem {
  private static final Logger LOG = System.getLogger(Problem.class.getName());

  private final String channel;
  private final Listeners listeners;
  private volatile Optional<String> words = Optional.empty();

  Problem(String channel, Listeners listeners) {
    this.channel = channel;
    this.listeners = listeners;
  }

  Optional<String> words() {
    return words;
  }

  /** It cannot heal: whoever says so has logged why. */
  void isFinal(String reason) {
    words = Optional.of(reason);
  }

  void report(Optional<String> found) {
    Optional<String> before = words;
    words = found;
    if (found.isPresent() && !found.equals(before)) {
      LOG.log(
          Level.WARNING,
          "channel {0}: {1}; records wait, and it goes on by itself when that is over",
          channel,
          found.get());
      listeners.tell(channel, l -> l.troubled(channel, found.get()));
    } else if (found.isEmpty() && before.isPresent()) {
      LOG.log(Level.INFO, "channel {0}: works again", channel);
      listeners.tell(channel, l -> l.recovered(channel));
    }
  }
}
