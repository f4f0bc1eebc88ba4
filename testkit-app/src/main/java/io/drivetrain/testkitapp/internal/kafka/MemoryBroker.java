package io.drivetrain.testkitapp.internal.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * Topics, groups and their commits in memory, with an address that settings can hold. Topics come
 * to be when they are first named. Thread-safe; one lock, which waiting consumers wait on.
 */
public final class MemoryBroker {
  /** What addresses begin with. */
  public static final String HOST = "in-memory:";

  private static final Map<String, MemoryBroker> BY_ADDRESS = new ConcurrentHashMap<>();

  /** 1 is that of whoever asks for none of its own. */
  private static final AtomicInteger LAST = new AtomicInteger(1);

  private final String address;
  private final int partitions;

  /** Guarded by this. */
  private final Map<String, List<List<StoredRecord>>> topics = new TreeMap<>();

  /** Guarded by this. */
  private final Map<String, Map<TopicPartition, OffsetAndMetadata>> commits = new HashMap<>();

  /** Guarded by this: of each group its members, in the order they came. */
  private final Map<String, Set<MemoryConsumer>> groups = new HashMap<>();

  /** Guarded by this: topics that take nothing, and what a send hears. */
  private final Map<String, RuntimeException> refusing = new HashMap<>();

  private MemoryBroker(String address, int partitions) {
    this.address = address;
    this.partitions = partitions;
  }

  /** A broker of its own. */
  public static MemoryBroker create(int partitions) {
    MemoryBroker broker = new MemoryBroker(HOST + LAST.incrementAndGet(), partitions);
    BY_ADDRESS.put(broker.address, broker);
    return broker;
  }

  /** The broker that all share who name none. */
  public static MemoryBroker shared() {
    return BY_ADDRESS.computeIfAbsent(HOST + 1, address -> new MemoryBroker(address, 1));
  }

  static MemoryBroker at(String address) {
    MemoryBroker broker = (HOST + 1).equals(address) ? shared() : BY_ADDRESS.get(address);
    if (broker == null) {
      throw new IllegalStateException("there is no broker at " + address + " any more");
    }
    return broker;
  }

  /** What {@code bootstrap.servers} is to be. */
  public String address() {
    return address;
  }

  /** Forgets it. */
  public void remove() {
    BY_ADDRESS.remove(address, this);
  }

  /** Forgets all records and commits; for nobody who still consumes. */
  public synchronized void clear() {
    topics.clear();
    commits.clear();
    refusing.clear();
  }

  // Records.

  /**
   * Stores records at once, so that a consumer sees all of them or none.
   *
   * @param sent whether the application sent them, not the test
   */
  public synchronized List<StoredRecord> append(
      List<ProducerRecord<byte[], byte[]>> records, boolean sent) {
    List<StoredRecord> stored = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      RuntimeException refusal = sent ? refusing.get(record.topic()) : null;
      if (refusal != null) {
        throw refusal;
      }
      stored.add(store(record, sent));
    }
    notifyAll();
    return stored;
  }

  private StoredRecord store(ProducerRecord<byte[], byte[]> record, boolean sent) {
    List<List<StoredRecord>> logs = logs(record.topic());
    int partition = record.partition() != null ? record.partition() : partition(record, logs);
    while (logs.size() <= partition) {
      logs.add(new ArrayList<>());
    }
    List<StoredRecord> log = logs.get(partition);
    StoredRecord stored =
        StoredRecord.of(record, partition, log.size(), System.currentTimeMillis(), sent);
    log.add(stored);
    return stored;
  }

  /** As Kafka's producer does with a key. */
  private static int partition(
      ProducerRecord<byte[], byte[]> record, List<List<StoredRecord>> logs) {
    return record.key() == null ? 0 : Utils.toPositive(Utils.murmur2(record.key())) % logs.size();
  }

  private List<List<StoredRecord>> logs(String topic) {
    return topics.computeIfAbsent(
        topic,
        name -> {
          List<List<StoredRecord>> logs = new ArrayList<>();
          for (int i = 0; i < partitions; i++) {
            logs.add(new ArrayList<>());
          }
          return logs;
        });
  }

  /** Everything in a topic, by partition and offset. */
  public synchronized List<StoredRecord> records(String topic) {
    return logs(topic).stream().flatMap(List::stream).toList();
  }

  /** The names of the topics there are. */
  public synchronized Set<String> topics() {
    return new TreeSet<>(topics.keySet());
  }

  /** From now on what the application sends to a topic fails. */
  public synchronized void refuse(String topic, RuntimeException failure) {
    refusing.put(topic, failure);
  }

  /** The end of {@link #refuse}. */
  public synchronized void accept(String topic) {
    refusing.remove(topic);
  }

  // For consumers, who hold the lock of this broker meanwhile.

  List<StoredRecord> log(TopicPartition partition) {
    List<List<StoredRecord>> logs = logs(partition.topic());
    return partition.partition() < logs.size() ? logs.get(partition.partition()) : List.of();
  }

  List<TopicPartition> partitions(String topic) {
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < logs(topic).size(); i++) {
      all.add(new TopicPartition(topic, i));
    }
    return all;
  }

  void commit(String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
    commits.computeIfAbsent(group, name -> new HashMap<>()).putAll(offsets);
  }

  OffsetAndMetadata committed(String group, TopicPartition partition) {
    return commits.getOrDefault(group, Map.of()).get(partition);
  }

  void join(String group, MemoryConsumer member) {
    groups.computeIfAbsent(group, name -> new LinkedHashSet<>()).add(member);
    notifyAll();
  }

  void leave(String group, MemoryConsumer member) {
    groups.getOrDefault(group, Set.of()).remove(member);
    notifyAll();
  }

  /** What a member should have: the partitions of a topic go round among those who read it. */
  Set<TopicPartition> share(String group, MemoryConsumer member) {
    Set<TopicPartition> share = new LinkedHashSet<>();
    for (String topic : member.topics(topics.keySet())) {
      List<MemoryConsumer> readers =
          groups.getOrDefault(group, Set.of()).stream()
              .filter(other -> other.topics(topics.keySet()).contains(topic))
              .toList();
      for (TopicPartition partition : partitions(topic)) {
        if (readers.get(partition.partition() % readers.size()) == member) {
          share.add(partition);
        }
      }
    }
    return share;
  }

  /** Whether nobody else of the group still has it. */
  boolean isFree(String group, TopicPartition partition, MemoryConsumer member) {
    return groups.getOrDefault(group, Set.of()).stream()
        .noneMatch(other -> other != member && other.owns(partition));
  }

  /** Makes topics that somebody asks for. */
  void name(Collection<String> names) {
    names.forEach(this::logs);
  }
}
