package io.drivetrain.connector.internal.deadletter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the dead letters there are at one moment, from where replays have come to. The calling
 * thread owns it. Every method throws what Kafka's consumer throws.
 */
final class LetterReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration END_TIMEOUT = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final long deadline;

  /** The next letter of each partition. */
  private final Map<TopicPartition, Long> next =
      new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));

  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();

  /**
   * A reader that has not looked yet.
   *
   * @param timeout for everything together, but for the last commit and the end
   */
  LetterReader(Consumer<byte[], byte[]> consumer, String topic, Duration timeout) {
    this.consumer = consumer;
    this.topic = topic;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  /**
   * Finds out which letters there are; before anything else.
   *
   * @throws IllegalStateException if there is no such topic
   */
  void look() {
    List<PartitionInfo> found = consumer.partitionsFor(topic, left());
    if (found == null || found.isEmpty()) {
      throw new IllegalStateException("there is no topic " + topic);
    }
    List<TopicPartition> partitions =
        found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    // The ends first: a letter that dies again in this replay belongs to the next.
    ends.putAll(consumer.endOffsets(partitions, left()));
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, left());
    Map<TopicPartition, OffsetAndMetadata> committed =
        consumer.committed(Set.copyOf(partitions), left());
    for (TopicPartition partition : partitions) {
      long beginning = beginnings.get(partition);
      OffsetAndMetadata position = committed.get(partition);
      boolean usable = position != null && position.offset() <= ends.get(partition);
      next.put(partition, usable ? Math.max(beginning, position.offset()) : beginning);
    }
  }

  /** How many letters are left, in offsets. */
  long remaining() {
    return next.keySet().stream().mapToLong(this::remaining).sum();
  }

  private long remaining(TopicPartition partition) {
    return Math.max(0, ends.get(partition) - next.get(partition));
  }

  boolean isLate() {
    return deadline - System.nanoTime() <= 0;
  }

  private Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }

  private Duration poll() {
    return left().compareTo(POLL) < 0 ? left() : POLL;
  }

  // As a member of the group: no two nodes read the same partition.

  void join() {
    consumer.subscribe(List.of(topic));
  }

  boolean isAssigned() {
    return !consumer.assignment().isEmpty();
  }

  /** Whether nothing is left of the partitions that the group gave to this node. */
  boolean isDone() {
    return isAssigned()
        && consumer.assignment().stream()
            .allMatch(partition -> !next.containsKey(partition) || remaining(partition) == 0);
  }

  /** Some of the next letters; {@link #done} has been called for all before. */
  List<ConsumerRecord<byte[], byte[]>> some() {
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(poll());
    List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
    for (TopicPartition partition : consumer.assignment()) {
      List<ConsumerRecord<byte[], byte[]>> records =
          polled.records(partition).stream()
              .filter(letter -> letter.offset() < ends.getOrDefault(partition, 0L))
              .toList();
      letters.addAll(records);
      if (records.isEmpty() && next.containsKey(partition)) {
        skipGap(partition);
      }
    }
    return letters;
  }

  /** The last offsets may belong to no record: markers of transactions, or compacted away. */
  private void skipGap(TopicPartition partition) {
    if (remaining(partition) > 0 && consumer.position(partition, left()) >= ends.get(partition)) {
      move(partition, ends.get(partition));
    }
  }

  /** The letter was dealt with. */
  void done(ConsumerRecord<?, ?> letter) {
    move(new TopicPartition(letter.topic(), letter.partition()), letter.offset() + 1);
  }

  private void move(TopicPartition partition, long offset) {
    next.put(partition, offset);
    uncommitted.put(partition, new OffsetAndMetadata(offset));
  }

  /** Stores how far letters were dealt with. */
  void commit() {
    if (!uncommitted.isEmpty()) {
      consumer.commitSync(uncommitted, END_TIMEOUT);
      uncommitted.clear();
    }
  }

  // Without the group.

  /** The next letters, by partition and offset. */
  List<ConsumerRecord<byte[], byte[]>> first(int max) {
    List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
    for (TopicPartition partition : next.keySet()) {
      if (remaining(partition) > 0 && letters.size() < max) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, next.get(partition));
        while (letters.size() < max && consumer.position(partition, left()) < ends.get(partition)) {
          if (isLate()) {
            throw new IllegalStateException(
                "the letters of " + partition + " could not be read in time");
          }
          consumer.poll(poll()).records(partition).stream()
              .filter(letter -> letter.offset() < ends.get(partition))
              .limit(max - letters.size())
              .forEach(letters::add);
        }
      }
    }
    return letters;
  }

  /** The letter at a place; empty if none is there. */
  Optional<ConsumerRecord<byte[], byte[]>> at(int number, long offset) {
    TopicPartition partition = new TopicPartition(topic, number);
    if (offset >= ends.getOrDefault(partition, 0L)) {
      return Optional.empty();
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, offset);
    while (!isLate()) {
      List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(poll()).records(partition);
      if (!records.isEmpty() || consumer.position(partition, left()) > offset) {
        return records.stream().findFirst().filter(letter -> letter.offset() == offset);
      }
    }
    throw new IllegalStateException(
        "the letter at " + partition + "@" + offset + " could not be read in time");
  }

  // close(CloseOptions) is not in the oldest supported clients.
  @SuppressWarnings("deprecation")
  @Override
  public void close() {
    consumer.close(END_TIMEOUT);
  }
}
