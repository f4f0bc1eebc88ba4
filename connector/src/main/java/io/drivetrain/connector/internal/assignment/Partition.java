package io.drivetrain.connector.internal.assignment;

import io.drivetrain.connector.PartitionState;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.HandOver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * One assigned partition: what it hands out, why it is not fetched, how much of it is in memory. An
 * object lives for one assignment: it is the epoch, so what a lane brings back for an earlier one
 * is recognised and ignored. Plain state; guarded by the lock of the channel.
 */
final class Partition {
  private final TopicPartition name;
  private final HandOver handOver;
  private final Strands strands;
  private final Schedule schedule = new Schedule();
  private final Set<PauseReason> pauseReasons = EnumSet.noneOf(PauseReason.class);
  private boolean draining;
  private boolean dropped;

  /**
   * A partition without records.
   *
   * @param remembered at which failures it stood when it was here before, by offset
   */
  Partition(TopicPartition name, HandOver handOver, Map<Long, Failure> remembered) {
    this.name = name;
    this.handOver = handOver;
    this.strands = new OneStrand(this, handOver, new Ledger(), remembered);
  }

  TopicPartition name() {
    return name;
  }

  /** Takes what a poll brought. */
  void received(List<ConsumerRecord<byte[], byte[]>> records, long bytes, long now) {
    strands.received(records, bytes, now, strand -> touched(strand, now));
    review(now);
  }

  private void touched(Strand strand, long now) {
    if (strand.place != Strand.Place.IN_FLIGHT) {
      schedule.file(strand, now, isFull());
    }
  }

  private boolean isFull() {
    return pauseReasons.contains(PauseReason.BACKPRESSURE);
  }

  /** Whether it is fetched, after anything changed. */
  private void review(long now) {
    if (strands.isHeldUp()) {
      pauseReasons.add(PauseReason.FAILURE);
    } else {
      pauseReasons.remove(PauseReason.FAILURE);
    }
    int records = strands.held();
    long bytes = strands.heldBytes();
    if (records >= handOver.bufferRecords() || bytes >= handOver.bufferBytes()) {
      if (pauseReasons.add(PauseReason.BACKPRESSURE) && handOver.batchWaitNanos() > 0) {
        schedule.hurry(now);
      }
    } else if (records <= handOver.bufferRecords() / 2 && bytes <= handOver.bufferBytes() / 2) {
      pauseReasons.remove(PauseReason.BACKPRESSURE);
    }
  }

  /** Zero if a run can be taken, {@link Long#MAX_VALUE} if the clock alone changes nothing. */
  long waitNanos(long now) {
    return draining ? Long.MAX_VALUE : schedule.waitNanos(now);
  }

  /** Hands out the next records; only when {@link #waitNanos} is zero. */
  Run take(long now) {
    return schedule.take(now);
  }

  /** A lane brings its run back; what it did not complete stays in front. */
  void returned(Run run, long now) {
    settle(run);
    schedule.file(run.strand(), now, isFull());
    review(now);
  }

  private void settle(Run run) {
    int completed = run.completed();
    strands.done(run.strand(), run.records().subList(0, completed));
    run.strand().done(completed);
  }

  /**
   * A lane brings its run back because the record after those completed failed.
   *
   * @param size how many records were delivered together
   */
  Failure failed(
      Run run, int size, Throwable cause, FailurePolicy policy, long now, Instant instant) {
    settle(run);
    Failure failure = run.strand().failed(run, size, cause, policy, now, instant);
    schedule.file(run.strand(), now, isFull());
    review(now);
    return failure;
  }

  /** Ends pauses after failures; false if there is none. */
  boolean resume(long now) {
    boolean resumed = false;
    for (Strand strand : List.copyOf(schedule.failing())) {
      if (strand.resume(now)) {
        schedule.file(strand, now, isFull());
        resumed = true;
      }
    }
    return resumed;
  }

  /**
   * Hands out nothing more, and asks lanes that have a run to give back what they have not begun.
   */
  void drain() {
    draining = true;
    schedule.inFlight().forEach(strand -> strand.run().stop());
  }

  /** The partition was taken away. */
  void drop(Attempts attempts) {
    drain();
    dropped = true;
    List<Failure> failures = new ArrayList<>(strands.remembered());
    schedule.failing().forEach(strand -> failures.add(strand.failure()));
    for (Strand strand : schedule.inFlight()) {
      if (strand.failure() != null && strand.run().completed() == 0) {
        failures.add(strand.failure());
      }
    }
    if (!failures.isEmpty()) {
      attempts.remember(name, failures);
    }
  }

  boolean isDropped() {
    return dropped;
  }

  boolean isInFlight() {
    return !schedule.inFlight().isEmpty();
  }

  boolean isFetchPaused() {
    return !pauseReasons.isEmpty();
  }

  boolean isOnlyFull() {
    return pauseReasons.size() == 1 && isFull();
  }

  /** What a commit has to store, with the progress of runs in flight. */
  Optional<OffsetAndMetadata> toCommit() {
    noteProgress();
    return strands.toCommit();
  }

  private void noteProgress() {
    for (Strand strand : schedule.inFlight()) {
      Run run = strand.run();
      strands.done(strand, run.records().subList(0, run.completed()));
    }
  }

  void committed(OffsetAndMetadata offset) {
    strands.committed(offset);
  }

  PartitionState state() {
    noteProgress();
    int begun = 0;
    for (Strand strand : schedule.inFlight()) {
      begun += handOver.batches() ? strand.run().size() : strand.run().completed();
    }
    Optional<PartitionState.Pause> pause =
        schedule.failing().stream().findFirst().map(strand -> pause(strand.failure()));
    return new PartitionState(
        name.topic(),
        name.partition(),
        strands.position(),
        strands.queued() - begun,
        isInFlight(),
        pause);
  }

  private static PartitionState.Pause pause(Failure failure) {
    return new PartitionState.Pause(
        failure.offset(),
        failure.failures(),
        failure.since(),
        failure.resumeAt(),
        failure.cause().toString());
  }
}
