package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.internal.assignment.Failure;
import io.drivetrain.connector.internal.assignment.Run;
import io.drivetrain.connector.internal.payload.UndecodableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of a failed delivery: it is told to the listeners, its partition pauses, an operator
 * reads one line. Owned by the lane's thread.
 */
final class FailureHandler {
  private static final Logger LOG = System.getLogger(FailureHandler.class.getName());

  private final String channel;
  private final Dispatcher dispatcher;
  private final Listeners listeners;

  FailureHandler(String channel, Dispatcher dispatcher, Listeners listeners) {
    this.channel = channel;
    this.dispatcher = dispatcher;
    this.listeners = listeners;
  }

  /**
   * The record after those completed failed, and the lane gives the run back.
   *
   * @param size how many records were delivered together
   */
  void failed(Run run, Throwable cause, int size) {
    if (!listeners.isEmpty()) {
      Delivery delivery = run.delivery(channel, run.completed(), size);
      listeners.tell(channel, listener -> listener.failed(delivery, cause));
    }
    Optional<Failure> failure = dispatcher.failed(run, size, cause);
    failure.ifPresent(
        at -> {
          log(run, at);
          Optional<Duration> pause = at.resumeAt().map(end -> Duration.between(at.since(), end));
          listeners.tell(channel, l -> l.paused(channel, run.partition(), pause));
        });
  }

  private void log(Run run, Failure at) {
    String line =
        "channel "
            + channel
            + ": "
            + run.partition()
            + " offset "
            + at.offset()
            + " failed, attempt "
            + at.failures()
            + ": "
            + at.cause()
            + "; the partition pauses "
            + at.resumeAt().map(end -> "until " + end).orElse("until it is resumed");
    // Where user code failed is worth a stack once; one of a decoder could quote the record.
    if (at.failures() == 1 && !(at.cause() instanceof UndecodableException)) {
      LOG.log(Level.WARNING, line, at.cause());
    } else {
      LOG.log(Level.WARNING, line);
    }
  }
}
