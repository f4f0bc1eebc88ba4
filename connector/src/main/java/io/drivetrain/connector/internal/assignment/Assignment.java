package io.drivetrain.connector.internal.assignment;

import io.drivetrain.connector.PartitionState;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.HandOver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Every partition assigned to a channel, and which of them delivers next. Plain state: inputs in,
 * decisions out; guarded by the lock of the channel.
 */
public final class Assignment {
  private final HandOver handOver;
  private final FailurePolicy policy;
  private final Attempts attempts = new Attempts();
  private final Map<TopicPartition, Partition> partitions = new HashMap<>();

  /** The same partitions in the order in which they take turns. */
  private final List<Partition> turns = new ArrayList<>();

  private int turn;

  /** Of a channel that has no partition yet. */
  public Assignment(HandOver handOver, FailurePolicy policy) {
    this.handOver = handOver;
    this.policy = policy;
  }

  /** Begins with partitions; those already there go on as they are. */
  public void assign(Collection<TopicPartition> assigned, long now) {
    for (TopicPartition name : assigned) {
      if (!partitions.containsKey(name)) {
        Partition partition = new Partition(name, handOver, attempts.recall(name, now));
        partitions.put(name, partition);
        turns.add(partition);
      }
    }
  }

  /** Takes what a poll brought; records of a partition that is not assigned are ignored. */
  public void received(
      TopicPartition name, List<ConsumerRecord<byte[], byte[]>> records, long bytes, long now) {
    Partition partition = partitions.get(name);
    if (partition != null && !records.isEmpty()) {
      partition.received(records, bytes, now);
    }
  }

  /**
   * The next run: of the partition that has waited longest for its turn, so that none starves
   * however full another is. It is the caller's alone until it comes back through {@link #returned}
   * or {@link #failed}.
   */
  public Optional<Run> take(long now) {
    for (int i = 0; i < turns.size(); i++) {
      int at = turn + i < turns.size() ? turn + i : turn + i - turns.size();
      Partition partition = turns.get(at);
      if (partition.waitNanos(now) == 0) {
        turn = at + 1 < turns.size() ? at + 1 : 0;
        return Optional.of(partition.take(now));
      }
    }
    return Optional.empty();
  }

  /** How long until {@link #take} has something if nothing else happens. */
  public long waitNanos(long now) {
    long wait = Long.MAX_VALUE;
    for (Partition partition : turns) {
      wait = Math.min(wait, partition.waitNanos(now));
    }
    return wait;
  }

  /** A lane brings a run back, complete or not. Ignored if the partition was taken away. */
  public void returned(Run run, long now) {
    Partition partition = run.strand().partition();
    if (!partition.isDropped()) {
      partition.returned(run, now);
    }
  }

  /**
   * A lane brings a run back because the record after those completed failed.
   *
   * @param size how many records were delivered together
   * @return the failure the partition stands at now, empty if the partition was taken away
   */
  public Optional<Failure> failed(Run run, int size, Throwable cause, long now, Instant instant) {
    Partition partition = run.strand().partition();
    return partition.isDropped()
        ? Optional.empty()
        : Optional.of(partition.failed(run, size, cause, policy, now, instant));
  }

  /** Ends the pause of a partition; false if it has none. */
  public boolean resume(TopicPartition name, long now) {
    Partition partition = partitions.get(name);
    return partition != null && partition.resume(now);
  }

  /** Hands out nothing more of these partitions. */
  public void drain(Collection<TopicPartition> names) {
    assigned(names).forEach(Partition::drain);
  }

  /** Those of the partitions that a lane still works on. */
  public Set<TopicPartition> inFlight(Collection<TopicPartition> names) {
    Set<TopicPartition> inFlight = new HashSet<>();
    for (Partition partition : assigned(names)) {
      if (partition.isInFlight()) {
        inFlight.add(partition.name());
      }
    }
    return inFlight;
  }

  /** Forgets partitions that were taken away; what lanes bring back for them later is ignored. */
  public void drop(Collection<TopicPartition> names) {
    for (Partition partition : assigned(names)) {
      partition.drop(attempts);
      partitions.remove(partition.name());
      turns.remove(partition);
    }
    turn = turns.isEmpty() ? 0 : turn % turns.size();
  }

  /** What a commit has to store, of these partitions. */
  public Map<TopicPartition, OffsetAndMetadata> toCommit(Collection<TopicPartition> names) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (Partition partition : assigned(names)) {
      partition.toCommit().ifPresent(offset -> offsets.put(partition.name(), offset));
    }
    return offsets;
  }

  /** A commit of these offsets succeeded. */
  public void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach(
        (name, offset) -> {
          Partition partition = partitions.get(name);
          if (partition != null) {
            partition.committed(offset);
          }
        });
  }

  /** The partitions that shall not be fetched now. */
  public Set<TopicPartition> fetchPaused() {
    Set<TopicPartition> paused = new HashSet<>();
    for (Partition partition : turns) {
      if (partition.isFetchPaused()) {
        paused.add(partition.name());
      }
    }
    return paused;
  }

  /** Whether a partition waits for nothing but room in memory. */
  public boolean isFull() {
    return turns.stream().anyMatch(Partition::isOnlyFull);
  }

  /** The partitions there are. */
  public Set<TopicPartition> names() {
    return Set.copyOf(partitions.keySet());
  }

  /** Every partition as it stands, ordered by topic and number. */
  public List<PartitionState> states() {
    return turns.stream()
        .map(Partition::state)
        .sorted(
            Comparator.comparing(PartitionState::topic).thenComparing(PartitionState::partition))
        .toList();
  }

  private List<Partition> assigned(Collection<TopicPartition> names) {
    List<Partition> assigned = new ArrayList<>();
    for (TopicPartition name : names) {
      Partition partition = partitions.get(name);
      if (partition != null) {
        assigned.add(partition);
      }
    }
    return assigned;
  }
}
