package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.ProcessingTimeoutException;
import io.drivetrain.connector.internal.policy.ProcessingTimeout;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Whether the delivery of one lane takes too long. Thread-safe, guarded by itself: the lane begins
 * and ends deliveries, the poll thread looks, health asks. An interrupt and the end of its delivery
 * exclude each other, so that it never hits the next one.
 */
final class DeliveryWatch {
  private static final Logger LOG = System.getLogger(DeliveryWatch.class.getName());

  private final String channel;
  private final ProcessingTimeout timeout;
  private final Time time;

  /** Null when nothing is in flight. */
  private ConsumerRecord<?, ?> first;

  private Thread thread;
  private long begun;
  private boolean reported;
  private boolean interrupted;

  DeliveryWatch(String channel, ProcessingTimeout timeout, Time time) {
    this.channel = channel;
    this.timeout = timeout;
    this.time = time;
  }

  /** The calling thread begins a delivery whose first record is this. */
  synchronized void begin(ConsumerRecord<?, ?> record) {
    first = record;
    thread = Thread.currentThread();
    begun = time.nanos();
    reported = false;
    interrupted = false;
  }

  /**
   * The delivery is over.
   *
   * @param failure why it failed, null if it did not
   * @return the same, or that it was interrupted before it failed
   */
  synchronized Throwable end(Throwable failure) {
    Throwable cause = failure;
    if (interrupted) {
      // Ours, and of no use to anybody any more.
      Thread.interrupted();
      cause = explained(failure);
    }
    if (reported) {
      LOG.log(Level.INFO, "channel {0}: {1} is over after {2}", channel, name(), inFlight());
    }
    first = null;
    thread = null;
    return cause;
  }

  private Throwable explained(Throwable failure) {
    if (failure == null) {
      return null;
    }
    return failure instanceof BatchFailure at
        ? BatchFailure.at(at.index(), exceeded(at.getCause()))
        : exceeded(failure);
  }

  private ProcessingTimeoutException exceeded(Throwable cause) {
    return new ProcessingTimeoutException(
        name()
            + " was interrupted after "
            + inFlight()
            + ", longer than processing-timeout "
            + timeout.after(),
        cause);
  }

  /** What is in flight for too long, in words. */
  synchronized Optional<String> overdue() {
    return isOverdue()
        ? Optional.of(
            name()
                + " is in flight since "
                + time.instant().minus(inFlight())
                + ", longer than processing-timeout "
                + timeout.after())
        : Optional.empty();
  }

  /** Says once of a delivery that it takes too long, and interrupts it once if that is asked. */
  synchronized void look() {
    if (reported || !isOverdue()) {
      return;
    }
    reported = true;
    LOG.log(
        Level.WARNING,
        "channel {0}: {1}{2}",
        channel,
        overdue().orElseThrow(),
        timeout.interrupts() ? "; its thread is interrupted" : "");
    if (timeout.interrupts()) {
      interrupted = true;
      thread.interrupt();
    }
  }

  private boolean isOverdue() {
    return first != null && inFlight().compareTo(timeout.after()) > 0;
  }

  private Duration inFlight() {
    return Duration.ofNanos(time.nanos() - begun);
  }

  private String name() {
    return first.topic() + "-" + first.partition() + " offset " + first.offset();
  }
}
