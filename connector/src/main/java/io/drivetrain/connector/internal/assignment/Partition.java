package io.drivetrain.connector.internal.assignment;

import io.drivetrain.connector.PartitionState;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.HandOver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The records of one assigned partition and its state. An object lives for one assignment: it is
 * the epoch, so what a lane brings back for an earlier one is recognised and ignored. Plain state;
 * guarded by the lock of the channel.
 */
final class Partition {

  /** What one poll brought; taken from its front without copying. */
  private static final class Chunk {
    final List<ConsumerRecord<byte[], byte[]>> records;
    final long bytes;
    final long arrivedNanos;
    int from;

    Chunk(List<ConsumerRecord<byte[], byte[]>> records, long bytes, long arrivedNanos) {
      this.records = records;
      this.bytes = bytes;
      this.arrivedNanos = arrivedNanos;
    }

    int left() {
      return records.size() - from;
    }
  }

  private final TopicPartition name;
  private final HandOver handOver;
  private final Ledger ledger = new Ledger();
  private final Deque<Chunk> chunks = new ArrayDeque<>();
  private final Set<PauseReason> pauseReasons = EnumSet.noneOf(PauseReason.class);
  private int queued;
  private long queuedBytes;
  private boolean virgin = true;
  private boolean draining;
  private boolean dropped;
  private Run inFlight;
  private Failure failure;

  Partition(TopicPartition name, HandOver handOver) {
    this.name = name;
    this.handOver = handOver;
  }

  TopicPartition name() {
    return name;
  }

  /** Takes what a poll brought. A returned partition goes on at the failure it stood at. */
  void received(
      List<ConsumerRecord<byte[], byte[]>> records, long bytes, Attempts attempts, long now) {
    if (virgin) {
      virgin = false;
      failure = attempts.recall(name, records.get(0).offset(), now).orElse(null);
      if (failure != null) {
        pauseReasons.add(PauseReason.FAILURE);
      }
    }
    chunks.addLast(new Chunk(records, bytes, now));
    queued += records.size();
    queuedBytes += bytes;
    if (queued >= handOver.bufferRecords() || queuedBytes >= handOver.bufferBytes()) {
      pauseReasons.add(PauseReason.BACKPRESSURE);
    }
  }

  /** Zero if a run can be taken, {@link Long#MAX_VALUE} if the clock alone changes nothing. */
  long waitNanos(long now) {
    if (draining || inFlight != null || queued == 0) {
      return Long.MAX_VALUE;
    }
    if (failure != null) {
      return failure.waitNanos(now);
    }
    // A full partition gets no more records to wait for.
    if (handOver.batchWaitNanos() > 0
        && queued < handOver.runRecords()
        && !pauseReasons.contains(PauseReason.BACKPRESSURE)) {
      return Math.max(0, chunks.getFirst().arrivedNanos + handOver.batchWaitNanos() - now);
    }
    return 0;
  }

  /** Hands out the next records; only when {@link #waitNanos} is zero. */
  Run take() {
    // A batch that failed as a whole comes again with the same records, however many have arrived
    // since: the method may have been half through them.
    int most = failure != null && handOver.batches() ? failure.size() : handOver.runRecords();
    inFlight = new Run(this, first(Math.min(most, queued)), Optional.ofNullable(failure));
    return inFlight;
  }

  private List<ConsumerRecord<byte[], byte[]>> first(int count) {
    Chunk head = chunks.getFirst();
    if (!handOver.batches() || head.left() >= count) {
      return head.records.subList(head.from, head.from + Math.min(count, head.left()));
    }
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(count);
    for (Chunk chunk : chunks) {
      int taken = Math.min(count - records.size(), chunk.left());
      records.addAll(chunk.records.subList(chunk.from, chunk.from + taken));
    }
    return records;
  }

  /** A lane brings its run back; what it did not complete stays in front. */
  void returned(Run run) {
    inFlight = null;
    int completed = run.completed();
    if (completed == 0) {
      return;
    }
    ledger.done(run.record(completed - 1));
    failure = null;
    pauseReasons.remove(PauseReason.FAILURE);
    remove(completed);
    if (queued <= handOver.bufferRecords() / 2 && queuedBytes <= handOver.bufferBytes() / 2) {
      pauseReasons.remove(PauseReason.BACKPRESSURE);
    }
  }

  private void remove(int count) {
    queued -= count;
    int left = count;
    while (left > 0) {
      Chunk head = chunks.getFirst();
      int taken = Math.min(left, head.left());
      head.from += taken;
      left -= taken;
      if (head.left() == 0) {
        queuedBytes -= head.bytes;
        chunks.removeFirst();
      }
    }
  }

  /**
   * A lane brings its run back because the record after those completed failed.
   *
   * @param size how many records were delivered together
   */
  Failure failed(
      Run run, int size, Throwable cause, FailurePolicy policy, long now, Instant instant) {
    returned(run);
    int failures = failure == null ? 1 : failure.failures() + 1;
    Optional<Duration> pause = policy.backoff().after(failures);
    failure =
        new Failure(
            run.record(run.completed()).offset(),
            failures,
            size,
            cause,
            instant,
            pause.map(instant::plus),
            now + pause.map(Duration::toNanos).orElse(0L));
    pauseReasons.add(PauseReason.FAILURE);
    return failure;
  }

  /** Ends the pause after a failure; false if there is none. */
  boolean resume(long now) {
    if (failure == null || inFlight != null || failure.waitNanos(now) == 0) {
      return false;
    }
    failure = failure.resumed(now);
    return true;
  }

  /**
   * Hands out nothing more, and asks the lane that has a run to give back what it has not begun.
   */
  void drain() {
    draining = true;
    if (inFlight != null) {
      inFlight.stop();
    }
  }

  /** The partition was taken away. */
  void drop(Attempts attempts) {
    drain();
    dropped = true;
    if (failure != null && (inFlight == null || inFlight.completed() == 0)) {
      attempts.remember(name, failure);
    }
  }

  boolean isDropped() {
    return dropped;
  }

  boolean isInFlight() {
    return inFlight != null;
  }

  boolean isFetchPaused() {
    return !pauseReasons.isEmpty();
  }

  boolean isOnlyFull() {
    return pauseReasons.size() == 1 && pauseReasons.contains(PauseReason.BACKPRESSURE);
  }

  /** What a commit has to store, with the progress of the run in flight. */
  Optional<OffsetAndMetadata> toCommit() {
    if (inFlight != null && inFlight.completed() > 0) {
      ledger.done(inFlight.record(inFlight.completed() - 1));
    }
    return ledger.toCommit();
  }

  void committed(long offset) {
    ledger.committed(offset);
  }

  PartitionState state(long now) {
    int begun = inFlight == null ? 0 : handOver.batches() ? inFlight.size() : inFlight.completed();
    long position =
        inFlight != null && inFlight.completed() > 0
            ? inFlight.record(inFlight.completed() - 1).offset() + 1
            : ledger.position();
    Optional<PartitionState.Pause> pause =
        failure == null || inFlight != null
            ? Optional.empty()
            : Optional.of(
                new PartitionState.Pause(
                    failure.offset(),
                    failure.failures(),
                    failure.since(),
                    failure.resumeAt(),
                    failure.cause().toString()));
    return new PartitionState(
        name.topic(), name.partition(), position, queued - begun, inFlight != null, pause);
  }
}
