package io.drivetrain.testkitapp.internal.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * What a consumer does, behind the {@code Consumer} that {@link MemoryClients} makes of it: it has
 * that interface's methods as far as anybody here calls them. Used by one thread; what others look
 * at is guarded by the broker.
 */
final class MemoryConsumer {
  private final MemoryBroker broker;
  private final String group;
  private final boolean fromBeginning;
  private final int maxPollRecords;

  /** Guarded by the broker. */
  private Set<String> names = Set.of();

  /** Guarded by the broker. */
  private Pattern pattern;

  /** Guarded by the broker. */
  private final Set<TopicPartition> assigned = new LinkedHashSet<>();

  /** Guarded by the broker. */
  private boolean woken;

  private boolean member;

  /** Whether the listener has been told of an assignment, which may be empty. */
  private boolean told;

  private ConsumerRebalanceListener listener;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Set<TopicPartition> paused = new HashSet<>();

  MemoryConsumer(MemoryBroker broker, Map<String, Object> properties) {
    this.broker = broker;
    this.group = String.valueOf(properties.get("group.id"));
    this.fromBeginning = !"latest".equals(String.valueOf(properties.get("auto.offset.reset")));
    this.maxPollRecords =
        Integer.parseInt(String.valueOf(properties.getOrDefault("max.poll.records", 500)));
  }

  // Looked at by the broker, under its lock.

  Set<String> topics(Set<String> existing) {
    if (pattern == null) {
      return names;
    }
    return existing.stream()
        .filter(name -> pattern.matcher(name).matches())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  boolean owns(TopicPartition partition) {
    return member && assigned.contains(partition);
  }

  // The methods of Consumer.

  void subscribe(Collection<String> topics, ConsumerRebalanceListener rebalances) {
    synchronized (broker) {
      broker.name(topics);
      names = Set.copyOf(topics);
      join(rebalances);
    }
  }

  void subscribe(Collection<String> topics) {
    subscribe(topics, (ConsumerRebalanceListener) null);
  }

  void subscribe(Pattern topics, ConsumerRebalanceListener rebalances) {
    synchronized (broker) {
      pattern = topics;
      join(rebalances);
    }
  }

  private void join(ConsumerRebalanceListener rebalances) {
    listener = rebalances;
    member = true;
    told = false;
    broker.join(group, this);
  }

  void unsubscribe() {
    leave();
    synchronized (broker) {
      names = Set.of();
      pattern = null;
    }
  }

  private void leave() {
    if (!member) {
      return;
    }
    Set<TopicPartition> left = assignment();
    if (!left.isEmpty() && listener != null) {
      listener.onPartitionsRevoked(left);
    }
    synchronized (broker) {
      member = false;
      assigned.clear();
      broker.leave(group, this);
    }
    positions.clear();
    paused.clear();
  }

  void assign(Collection<TopicPartition> partitions) {
    synchronized (broker) {
      assigned.clear();
      assigned.addAll(partitions);
    }
    positions.keySet().retainAll(partitions);
  }

  Set<TopicPartition> assignment() {
    synchronized (broker) {
      return new LinkedHashSet<>(assigned);
    }
  }

  Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> poll(Duration timeout) {
    rebalance();
    long end = System.nanoTime() + timeout.toNanos();
    synchronized (broker) {
      while (true) {
        if (woken) {
          woken = false;
          throw new WakeupException();
        }
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = fetch();
        long left = end - System.nanoTime();
        if (!found.isEmpty() || left <= 0 || isToRebalance()) {
          return found;
        }
        try {
          // Never 0, which would be for ever.
          broker.wait(left / 1_000_000 + 1);
        } catch (InterruptedException e) {
          throw new InterruptException(e);
        }
      }
    }
  }

  private boolean isToRebalance() {
    if (!member) {
      return false;
    }
    Set<TopicPartition> share = broker.share(group, this);
    return !share.containsAll(assigned)
        || share.stream().anyMatch(p -> !assigned.contains(p) && broker.isFree(group, p, this));
  }

  private Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetch() {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = new HashMap<>();
    int room = maxPollRecords;
    for (TopicPartition partition : assigned) {
      List<StoredRecord> log = broker.log(partition);
      int from = (int) position(partition);
      int to = Math.min(log.size(), from + room);
      if (!paused.contains(partition) && from < to) {
        found.put(
            partition, log.subList(from, to).stream().map(StoredRecord::toConsumerRecord).toList());
        positions.put(partition, (long) to);
        room -= to - from;
      }
    }
    return found;
  }

  /** What another member has is taken once that has let it go. */
  private void rebalance() {
    if (!member) {
      return;
    }
    Set<TopicPartition> lost;
    synchronized (broker) {
      Set<TopicPartition> share = broker.share(group, this);
      lost = new LinkedHashSet<>(assigned);
      lost.removeAll(share);
    }
    if (!lost.isEmpty()) {
      if (listener != null) {
        listener.onPartitionsRevoked(lost);
      }
      synchronized (broker) {
        assigned.removeAll(lost);
        broker.notifyAll();
      }
      positions.keySet().removeAll(lost);
      paused.removeAll(lost);
    }
    Set<TopicPartition> won;
    synchronized (broker) {
      won = new LinkedHashSet<>(broker.share(group, this));
      won.removeAll(assigned);
      won.removeIf(partition -> !broker.isFree(group, partition, this));
      assigned.addAll(won);
    }
    if (listener != null && (!told || !won.isEmpty())) {
      told = true;
      listener.onPartitionsAssigned(won);
    }
  }

  long position(TopicPartition partition) {
    synchronized (broker) {
      return positions.computeIfAbsent(
          partition,
          unknown -> {
            OffsetAndMetadata committed = broker.committed(group, partition);
            if (committed != null) {
              return committed.offset();
            }
            return fromBeginning ? 0L : (long) broker.log(partition).size();
          });
    }
  }

  long position(TopicPartition partition, Duration timeout) {
    return position(partition);
  }

  void seek(TopicPartition partition, long offset) {
    positions.put(partition, offset);
  }

  void seek(TopicPartition partition, OffsetAndMetadata offset) {
    positions.put(partition, offset.offset());
  }

  void pause(Collection<TopicPartition> partitions) {
    paused.addAll(partitions);
  }

  void resume(Collection<TopicPartition> partitions) {
    paused.removeAll(partitions);
  }

  Set<TopicPartition> paused() {
    return new HashSet<>(paused);
  }

  void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    synchronized (broker) {
      broker.commit(group, offsets);
    }
  }

  void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
    commitSync(offsets, Duration.ZERO);
    callback.onComplete(offsets, null);
  }

  Map<TopicPartition, OffsetAndMetadata> committed(
      Set<TopicPartition> partitions, Duration timeout) {
    Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
    synchronized (broker) {
      partitions.forEach(partition -> found.put(partition, broker.committed(group, partition)));
    }
    return found;
  }

  Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration t) {
    return partitions.stream().collect(Collectors.toMap(partition -> partition, p -> 0L));
  }

  Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
    synchronized (broker) {
      return partitions.stream()
          .collect(Collectors.toMap(p -> p, p -> (long) broker.log(p).size()));
    }
  }

  Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
      Map<TopicPartition, Long> times, Duration timeout) {
    Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
    synchronized (broker) {
      times.forEach(
          (partition, time) ->
              found.put(
                  partition,
                  broker.log(partition).stream()
                      .filter(record -> record.timestamp() >= time)
                      .findFirst()
                      .map(r -> new OffsetAndTimestamp(r.offset(), r.timestamp()))
                      .orElse(null)));
    }
    return found;
  }

  List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
    Node[] nobody = {};
    List<PartitionInfo> found = new ArrayList<>();
    synchronized (broker) {
      for (TopicPartition partition : broker.partitions(topic)) {
        found.add(new PartitionInfo(topic, partition.partition(), Node.noNode(), nobody, nobody));
      }
    }
    return found;
  }

  OptionalLong currentLag(TopicPartition partition) {
    synchronized (broker) {
      return OptionalLong.of(broker.log(partition).size() - position(partition));
    }
  }

  Map<?, ?> metrics() {
    return Map.of();
  }

  void wakeup() {
    synchronized (broker) {
      woken = true;
      broker.notifyAll();
    }
  }

  void close() {
    leave();
  }

  void close(Duration timeout) {
    leave();
  }
}
