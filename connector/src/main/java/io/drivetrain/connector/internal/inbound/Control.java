package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.internal.delivery.LiveDelivery;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;

/**
 * What operators may do with a channel; each deed is one line in the log. Thread-safe. Only a seek
 * waits, for the poll thread.
 */
public final class Control {
  private static final Logger LOG = System.getLogger(Control.class.getName());

  private final String channel;
  private final Dispatcher dispatcher;
  private final PollLoop pollLoop;
  private final Listeners listeners;
  private final Duration seekPatience;

  Control(
      String channel,
      Dispatcher dispatcher,
      PollLoop pollLoop,
      Listeners listeners,
      Duration seekPatience) {
    this.channel = channel;
    this.dispatcher = dispatcher;
    this.pollLoop = pollLoop;
    this.listeners = listeners;
    this.seekPatience = seekPatience;
  }

  /** Pauses every partition, also those that come later. */
  public void pause() {
    dispatcher.pauseAll();
    LOG.log(Level.INFO, "channel {0}: paused by request", channel);
  }

  /** Pauses a partition. */
  public void pause(TopicPartition partition) {
    dispatcher.pause(partition);
    LOG.log(Level.INFO, "channel {0}: {1} paused by request", channel, partition);
  }

  /** Ends every pause. */
  public void resume() {
    dispatcher.resumeAll();
    LOG.log(Level.INFO, "channel {0}: resumed by request", channel);
  }

  /** Ends the pauses of a partition. */
  public void resume(TopicPartition partition) {
    if (dispatcher.resume(partition)) {
      LOG.log(Level.INFO, "channel {0}: {1} resumed by request", channel, partition);
    }
  }

  /** Skips the record at which a partition stands, if it is the wanted one. */
  public long skip(TopicPartition partition, OptionalLong wanted) {
    long offset = dispatcher.skip(partition, wanted);
    LOG.log(
        Level.WARNING,
        "channel {0}: {1} offset {2} skipped by request",
        channel,
        partition,
        Long.toString(offset));
    listeners.tell(channel, listener -> listener.skipped(channel, partition, offset));
    return offset;
  }

  /** Moves a partition and waits until it stands there. */
  public long seek(TopicPartition partition, SeekTarget target) {
    if (LiveDelivery.ofThisThread() != null || pollLoop.isThisThread()) {
      throw new IllegalStateException(
          "channel "
              + channel
              + ": a delivery or a listener would wait for its own end; seek from another thread");
    }
    dispatcher.requireAssigned(partition);
    CompletableFuture<Long> answer = pollLoop.seek(partition, target);
    Duration patience = seekPatience.plus(SeekTarget.TIMEOUT.multipliedBy(2)).plus(Commits.TIMEOUT);
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        throw new IllegalArgumentException(wrong.getMessage(), wrong);
      }
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(false);
      throw new IllegalStateException(
          "channel " + channel + ": " + partition + " was not moved within " + patience, e);
    } catch (InterruptedException e) {
      answer.cancel(false);
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "channel " + channel + ": interrupted before " + partition + " was moved", e);
    }
  }
}
