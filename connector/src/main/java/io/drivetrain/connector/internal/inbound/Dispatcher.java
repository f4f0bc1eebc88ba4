package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.PartitionState;
import io.drivetrain.connector.internal.assignment.Assignment;
import io.drivetrain.connector.internal.assignment.Failure;
import io.drivetrain.connector.internal.assignment.Run;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The one lock of a channel, around its {@link Assignment}: where the poll thread leaves records
 * and the lanes take runs of them. Thread-safe. The lock is held for a few instructions per run or
 * poll and never while user code or Kafka is called.
 */
final class Dispatcher {
  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled when a lane brought a run back. */
  private final Condition settled = lock.newCondition();

  private final Time time;

  /** Guarded by {@link #lock}. */
  private final Assignment assignment;

  private final List<Lane> lanes = new CopyOnWriteArrayList<>();

  Dispatcher(Assignment assignment, Time time) {
    this.assignment = assignment;
    this.time = time;
  }

  Time time() {
    return time;
  }

  void register(Lane lane) {
    lanes.add(lane);
  }

  // What lanes call.

  /** The next run for the calling lane, null if there is none. */
  Run take() {
    return locked(() -> assignment.take(time.nanos()).orElse(null));
  }

  /** How long a lane without a run may sleep; waking it is up to {@link #wakeLanes}. */
  long sleepNanos() {
    long wait = locked(() -> assignment.waitNanos(time.nanos()));
    return Math.min(wait, time.patience().toNanos());
  }

  void returned(Run run) {
    locked(
        () -> {
          assignment.returned(run, time.nanos());
          settled.signalAll();
          return null;
        });
  }

  Optional<Failure> failed(Run run, int size, Throwable cause) {
    Optional<Failure> failure =
        locked(
            () -> {
              settled.signalAll();
              return assignment.failed(run, size, cause, time.nanos(), time.instant());
            });
    // An idle lane sleeps until what was due when it went to sleep; this pause may end earlier.
    wakeLanes();
    return failure;
  }

  // What the poll thread calls.

  void assign(Collection<TopicPartition> partitions) {
    locked(
        () -> {
          assignment.assign(partitions, time.nanos());
          return null;
        });
  }

  void received(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> list = records.records(partition);
      long bytes = bytes(list);
      locked(
          () -> {
            assignment.received(partition, list, bytes, time.nanos());
            return null;
          });
    }
    wakeLanes();
  }

  private static long bytes(List<ConsumerRecord<byte[], byte[]>> records) {
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }
    return bytes;
  }

  void drain(Collection<TopicPartition> partitions) {
    locked(
        () -> {
          assignment.drain(partitions);
          return null;
        });
    wakeLanes();
  }

  Set<TopicPartition> inFlight(Collection<TopicPartition> partitions) {
    return locked(() -> assignment.inFlight(partitions));
  }

  /**
   * Waits until no lane works on these partitions.
   *
   * @return those on which one still works after the timeout
   */
  Set<TopicPartition> awaitSettled(Collection<TopicPartition> partitions, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    lock.lock();
    try {
      Set<TopicPartition> working = assignment.inFlight(partitions);
      while (!working.isEmpty()) {
        long left = deadline - System.nanoTime();
        if (left <= 0 || !settled.await(left, TimeUnit.NANOSECONDS)) {
          return assignment.inFlight(partitions);
        }
        working = assignment.inFlight(partitions);
      }
      return working;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return assignment.inFlight(partitions);
    } finally {
      lock.unlock();
    }
  }

  Map<TopicPartition, OffsetAndMetadata> toCommit(Collection<TopicPartition> partitions) {
    return locked(() -> assignment.toCommit(partitions));
  }

  Map<TopicPartition, OffsetAndMetadata> toCommit() {
    return locked(() -> assignment.toCommit(assignment.names()));
  }

  void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    locked(
        () -> {
          assignment.committed(offsets);
          return null;
        });
  }

  void drop(Collection<TopicPartition> partitions) {
    locked(
        () -> {
          assignment.drop(partitions);
          return null;
        });
  }

  Set<TopicPartition> fetchPaused() {
    return locked(assignment::fetchPaused);
  }

  /** Whether a partition waits for nothing but room in memory. */
  boolean isFull() {
    return locked(assignment::isFull);
  }

  Set<TopicPartition> names() {
    return locked(assignment::names);
  }

  // What programs and pages call.

  List<PartitionState> states() {
    return locked(assignment::states);
  }

  boolean resume(TopicPartition partition) {
    boolean resumed = locked(() -> assignment.resume(partition, time.nanos()));
    wakeLanes();
    return resumed;
  }

  /** Whether deliveries take too long is looked at now. */
  void watchLanes() {
    lanes.forEach(Lane::look);
  }

  void wakeLanes() {
    for (Lane lane : lanes) {
      lane.wake();
    }
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
