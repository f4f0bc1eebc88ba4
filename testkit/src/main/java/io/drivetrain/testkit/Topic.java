package io.drivetrain.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A topic as a test sees it: records go in, records and offsets come out. Thread-safe. */
public final class Topic {
  private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);

  private final Clients clients;
  private final String name;

  Topic(Clients clients, String name) {
    this.clients = clients;
    this.name = name;
  }

  /** The topic's name. */
  public String name() {
    return name;
  }

  /** How many partitions it has. */
  public int partitions() {
    return Clients.answer(
            "describe topic " + name, clients.admin().describeTopics(List.of(name)).allTopicNames())
        .get(name)
        .partitions()
        .size();
  }

  /** Sends a record to the partition of its key and waits until it is stored. */
  public RecordMetadata send(String key, String value) {
    return send(new ProducerRecord<>(name, bytes(key), bytes(value)));
  }

  /** Sends a record to one partition and waits until it is stored; the key may be null. */
  public RecordMetadata send(int partition, String key, String value) {
    return send(new ProducerRecord<>(name, partition, bytes(key), bytes(value)));
  }

  /** Sends a record with headers and waits until it is stored. */
  public RecordMetadata send(String key, String value, Map<String, String> headers) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(name, bytes(key), bytes(value));
    headers.forEach((header, text) -> record.headers().add(header, bytes(text)));
    return send(record);
  }

  /** Sends a record without a value and waits until it is stored. */
  public RecordMetadata tombstone(String key) {
    return send(new ProducerRecord<>(name, bytes(key), null));
  }

  /** Sends any record, also to another topic, and waits until it is stored. */
  public RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    return stored(clients.producer().send(record));
  }

  /** Sends values to one partition, in order and without keys, and waits until all are stored. */
  public void sendAll(int partition, List<String> values) {
    sendAll(partition, value -> null, values);
  }

  /** As {@link #sendAll(int, List)}, each value with the key the function makes of it. */
  public void sendAll(int partition, UnaryOperator<String> key, List<String> values) {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (String value : values) {
      byte[] keyBytes = bytes(key.apply(value));
      sent.add(
          clients.producer().send(new ProducerRecord<>(name, partition, keyBytes, bytes(value))));
    }
    clients.producer().flush();
    sent.forEach(Topic::stored);
  }

  /** All records there are now, by partition and then offset; text is UTF-8. */
  public List<ConsumerRecord<String, String>> records() {
    return records(new StringDeserializer(), false);
  }

  /** As {@link #records()}, without records of open or aborted transactions. */
  public List<ConsumerRecord<String, String>> committedRecords() {
    return records(new StringDeserializer(), true);
  }

  /**
   * The last records by the time they were stored, at most so many, the latest last; as of now,
   * without reading the whole topic. Text is UTF-8.
   */
  public List<ConsumerRecord<String, String>> last(int count) {
    return last(count, new StringDeserializer());
  }

  /** As {@link #last(int)}, decoded. */
  public <T> List<ConsumerRecord<String, T>> last(int count, Deserializer<T> values) {
    return Tail.of(clients.bootstrapServers(), topicPartitions(), count, values);
  }

  /** All records there are now as bytes, by partition and then offset. */
  public List<ConsumerRecord<byte[], byte[]>> rawRecords() {
    return records(new ByteArrayDeserializer(), false);
  }

  /** The values of all records there are now, by partition and then offset. */
  public List<String> values() {
    return records().stream().map(ConsumerRecord::value).toList();
  }

  /** The offset that the next record of each partition gets. */
  public Map<Integer, Long> ends() {
    Map<TopicPartition, OffsetSpec> latest =
        topicPartitions().stream()
            .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
    Map<Integer, Long> ends = new TreeMap<>();
    Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> found =
        Clients.answer("ends of " + name, clients.admin().listOffsets(latest).all());
    found.forEach((partition, offset) -> ends.put(partition.partition(), offset.offset()));
    return ends;
  }

  /** What a group has committed for each partition; one without a commit is absent. */
  public Map<Integer, Long> committed(String group) {
    Map<Integer, Long> committed = new TreeMap<>();
    Clients.answer(
            "offsets of group " + group,
            clients.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .forEach(
            (partition, offset) -> {
              if (partition.topic().equals(name) && offset != null) {
                committed.put(partition.partition(), offset.offset());
              }
            });
    return committed;
  }

  /** Deletes the topic. */
  public void delete() {
    Clients.answer("delete topic " + name, clients.admin().deleteTopics(List.of(name)).all());
  }

  @Override
  public String toString() {
    return name;
  }

  private <T> List<ConsumerRecord<T, T>> records(Deserializer<T> deserializer, boolean committed) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", clients.bootstrapServers());
    properties.put("auto.offset.reset", "earliest");
    properties.put("enable.auto.commit", "false");
    properties.put("isolation.level", committed ? "read_committed" : "read_uncommitted");
    Map<Integer, List<ConsumerRecord<T, T>>> found = new HashMap<>();
    List<TopicPartition> partitions = topicPartitions();
    try (KafkaConsumer<T, T> consumer =
        new KafkaConsumer<>(properties, deserializer, deserializer)) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER_BOUND);
      long deadline = System.nanoTime() + ANSWER_BOUND.toNanos();
      // Positions, not offsets of records: the last offsets may be markers of transactions.
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        if (System.nanoTime() - deadline > 0) {
          throw new IllegalStateException("could not read " + name + " to its end: " + ends);
        }
        for (ConsumerRecord<T, T> record : consumer.poll(Duration.ofMillis(100))) {
          found.computeIfAbsent(record.partition(), p -> new ArrayList<>()).add(record);
        }
      }
    }
    List<ConsumerRecord<T, T>> ordered = new ArrayList<>();
    new TreeMap<>(found).values().forEach(ordered::addAll);
    return ordered;
  }

  private List<TopicPartition> topicPartitions() {
    List<TopicPartition> all = new ArrayList<>();
    for (int partition = 0; partition < partitions(); partition++) {
      all.add(new TopicPartition(name, partition));
    }
    return all;
  }

  private static RecordMetadata stored(Future<RecordMetadata> sent) {
    try {
      return sent.get(ANSWER_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("not stored: " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("not stored in " + ANSWER_BOUND.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending", e);
    }
  }

  private static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
