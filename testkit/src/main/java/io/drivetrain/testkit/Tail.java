package io.drivetrain.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The last records of a topic over all its partitions. Stateless. */
final class Tail {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private Tail() {}

  /** At most {@code count}, by timestamp; of one partition always in its order. */
  static <T> List<ConsumerRecord<String, T>> of(
      String servers, List<TopicPartition> partitions, int count, Deserializer<T> values) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", servers);
    properties.put("enable.auto.commit", "false");
    try (KafkaConsumer<String, T> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), values)) {
      consumer.assign(partitions);
      Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, BOUND);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, BOUND);
      List<ConsumerRecord<String, T>> found = new ArrayList<>();
      for (TopicPartition partition : partitions) {
        found.addAll(of(consumer, partition, begins.get(partition), ends.get(partition), count));
      }
      // Stable, so that records of one partition keep their order.
      found.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
      return List.copyOf(found.subList(Math.max(0, found.size() - count), found.size()));
    }
  }

  /**
   * Goes back further while compaction or markers of transactions have left too few between here
   * and the end.
   */
  private static <T> List<ConsumerRecord<String, T>> of(
      KafkaConsumer<String, T> consumer,
      TopicPartition partition,
      long begin,
      long end,
      int count) {
    for (long back = count; ; back *= 10) {
      long from = Math.max(begin, end - back);
      List<ConsumerRecord<String, T>> found = read(consumer, partition, from, end);
      if (found.size() >= count || from == begin) {
        return found.subList(Math.max(0, found.size() - count), found.size());
      }
    }
  }

  private static <T> List<ConsumerRecord<String, T>> read(
      KafkaConsumer<String, T> consumer, TopicPartition partition, long from, long end) {
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    List<ConsumerRecord<String, T>> found = new ArrayList<>();
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (consumer.position(partition) < end) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("could not read " + partition + " to its end " + end);
      }
      for (ConsumerRecord<String, T> record : consumer.poll(Duration.ofMillis(100))) {
        if (record.offset() < end) {
          found.add(record);
        }
      }
    }
    return found;
  }
}
