package io.drivetrain.connector.internal.assignment;

import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.HandOver;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records of one partition that are done one after another. A lane has one run of it at a time, and
 * a record that fails holds up those behind it. Plain state; guarded by the lock of the channel.
 */
final class Strand {

  /** Where {@link Schedule} keeps it. */
  enum Place {
    /** Nowhere: it has no records. */
    NONE,
    READY,
    /** Until its {@link #dueNanos}. */
    WAITING,
    /** Until somebody resumes it. */
    STUCK,
    IN_FLIGHT
  }

  private final Partition partition;
  private final HandOver handOver;
  private final Line line;
  private Failure failure;
  private Run run;

  /** Written by {@link Schedule}. */
  Place place = Place.NONE;

  /** Written by {@link Schedule}: until when it waits. */
  long dueNanos;

  /** Written by {@link Schedule}: orders those that wait equally long. */
  long filing;

  Strand(Partition partition, HandOver handOver, Line line) {
    this.partition = partition;
    this.handOver = handOver;
    this.line = line;
  }

  Partition partition() {
    return partition;
  }

  boolean isEmpty() {
    return line.size() == 0;
  }

  /** The failure it stands at, or stood at when the run in flight began; null if none. */
  Failure failure() {
    return failure;
  }

  /** It begins with a record that failed in an earlier assignment. */
  void recall(Failure earlier) {
    failure = earlier;
  }

  /** What a lane has of it, null if nothing. */
  Run run() {
    return run;
  }

  /**
   * How long until a run can be taken: zero for now, {@link Long#MAX_VALUE} if the clock alone
   * changes nothing.
   *
   * @param full whether no more records come for want of memory
   */
  long waitNanos(long now, boolean full) {
    if (failure != null) {
      return failure.waitNanos(now);
    }
    if (handOver.batchWaitNanos() == 0 || full || isComplete()) {
      return 0;
    }
    return Math.max(0, line.arrivedNanos() + handOver.batchWaitNanos() - now);
  }

  private boolean isComplete() {
    return line.size() >= handOver.runRecords()
        || handOver.runBytes() < Long.MAX_VALUE
            && line.first(handOver.runRecords(), handOver.runBytes()).size() < line.size();
  }

  /** Hands out its first records. */
  Run take() {
    // A batch that failed as a whole comes again with the same records, however many have arrived
    // since: the method may have been half through them.
    boolean again = failure != null && handOver.batches();
    List<ConsumerRecord<byte[], byte[]>> records =
        again
            ? line.first(failure.size(), Long.MAX_VALUE)
            : line.first(handOver.runRecords(), handOver.runBytes());
    run = new Run(this, records, Optional.ofNullable(failure));
    return run;
  }

  /** Its run came back, or its first record was skipped: the first records are done. */
  void done(int count) {
    run = null;
    if (count > 0) {
      failure = null;
      line.remove(count);
    }
  }

  /**
   * The record that is the first now failed.
   *
   * @param returned the run it was in
   * @param size how many records were delivered together
   */
  Failure failed(
      Run returned, int size, Throwable cause, FailurePolicy policy, long now, Instant instant) {
    int failures = failure == null ? 1 : failure.failures() + 1;
    FailurePolicy.Decision.Pause pause = policy.decide(failures);
    failure =
        new Failure(
            returned.record(returned.completed()).offset(),
            failures,
            size,
            cause,
            instant,
            pause.duration().map(instant::plus),
            now + pause.duration().map(duration -> duration.toNanos()).orElse(0L));
    return failure;
  }

  /** Ends the pause after a failure; false if there is none. */
  boolean resume(long now) {
    if (failure == null || run != null || failure.waitNanos(now) == 0) {
      return false;
    }
    failure = failure.resumed(now);
    return true;
  }
}
