package io.drivetrain.connector.internal.inbound;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Moves partitions to other offsets when programs ask. Any thread asks; the poll thread does it, a
 * step each turn, so that a delivery in hand may end first while other partitions go on.
 */
final class Seeks {
  private static final Logger LOG = System.getLogger(Seeks.class.getName());

  private final String channel;
  private final Dispatcher dispatcher;
  private final Claims claims;
  private final Duration patience;

  /** Any thread. */
  private final Queue<Seek> asked = new ConcurrentLinkedQueue<>();

  /** The poll thread's: what waits for a delivery to end. */
  private final List<Seek> settling = new ArrayList<>();

  /** Any thread. */
  private volatile boolean closed;

  /** What somebody asked for. The poll thread owns it, but for the answer. */
  private static final class Seek {
    final TopicPartition partition;
    final SeekTarget target;
    final CompletableFuture<Long> answer = new CompletableFuture<>();
    long offset;
    long deadlineNanos;

    Seek(TopicPartition partition, SeekTarget target) {
      this.partition = partition;
      this.target = target;
    }
  }

  /**
   * None yet.
   *
   * @param patience how long a delivery in hand may take to end
   */
  Seeks(String channel, Dispatcher dispatcher, Claims claims, Duration patience) {
    this.channel = channel;
    this.dispatcher = dispatcher;
    this.claims = claims;
    this.patience = patience;
  }

  /** Asks; the answer is the offset at which the partition stands then. */
  CompletableFuture<Long> ask(TopicPartition partition, SeekTarget target) {
    Seek seek = new Seek(partition, target);
    asked.add(seek);
    if (closed) {
      refuseAsked();
    }
    return seek.answer;
  }

  // The poll thread.

  /** Does what can be done now. */
  void advance(Consumer<?, ?> consumer, Commits commits) {
    for (Seek seek = asked.poll(); seek != null; seek = asked.poll()) {
      begin(seek, consumer);
    }
    settling.removeIf(seek -> settled(seek, consumer, commits));
  }

  private void begin(Seek seek, Consumer<?, ?> consumer) {
    // Who asked may have given up.
    if (seek.answer.isDone()) {
      return;
    }
    try {
      dispatcher.requireAssigned(seek.partition);
      seek.offset = seek.target.in(consumer, seek.partition);
      seek.deadlineNanos = System.nanoTime() + patience.toNanos();
      settling.add(seek);
    } catch (InterruptException e) {
      refuse(seek);
      throw e;
    } catch (KafkaException e) {
      seek.answer.completeExceptionally(
          new IllegalStateException(
              "channel " + channel + ": no broker tells the offsets of " + seek.partition, e));
    } catch (IllegalArgumentException e) {
      seek.answer.completeExceptionally(e);
    }
  }

  /** False if a delivery has to end first. */
  private boolean settled(Seek seek, Consumer<?, ?> consumer, Commits commits) {
    Set<TopicPartition> partition = Set.of(seek.partition);
    try {
      // Each turn anew: a rebalance may have taken it away and brought it back.
      dispatcher.requireAssigned(seek.partition);
      dispatcher.drain(partition);
      boolean working = !dispatcher.inFlight(partition).isEmpty();
      if (working && seek.deadlineNanos - System.nanoTime() > 0) {
        return false;
      }
      claims.move(seek.partition, seek.offset);
      consumer.seek(seek.partition, seek.offset);
      dispatcher.restart(seek.partition, seek.offset);
      log(seek, working);
      commits.now(partition);
      seek.answer.complete(seek.offset);
    } catch (IllegalArgumentException | IllegalStateException e) {
      seek.answer.completeExceptionally(e);
    }
    return true;
  }

  private void log(Seek seek, boolean working) {
    LOG.log(
        working ? Level.WARNING : Level.INFO,
        "channel {0}: {1} goes on at offset {2} by request{3}",
        channel,
        seek.partition,
        Long.toString(seek.offset),
        working ? "; a delivery that is still in flight after " + patience + " is ignored" : "");
  }

  /** Refuses what is asked and what is still to come. */
  void close() {
    closed = true;
    settling.forEach(this::refuse);
    settling.clear();
    refuseAsked();
  }

  private void refuseAsked() {
    for (Seek seek = asked.poll(); seek != null; seek = asked.poll()) {
      refuse(seek);
    }
  }

  private void refuse(Seek seek) {
    seek.answer.completeExceptionally(
        new IllegalStateException("channel " + channel + " stops; nothing was changed"));
  }
}
