package io.drivetrain.schema.partitioning;

import io.drivetrain.schema.settings.SettingsException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.PartitionInfo;

/**
 * Sends a key to the partition that librdkafka, and so Racecar and most producers that are not
 * Java, would send it to. A {@code partitioner.class} for Kafka's producer with one more property,
 * {@code partitioner}: {@code consistent}, {@code consistent_random} (librdkafka's default, and the
 * default here), {@code murmur2}, {@code murmur2_random}, {@code fnv1a} or {@code fnv1a_random}. A
 * record that says its partition goes there. Where any partition will do, each record goes to a
 * random one that has a leader. Thread-safe once configured.
 */
public final class LibrdkafkaPartitioner implements Partitioner {

  /** The property that names the rule, in librdkafka and here. */
  public static final String PARTITIONER = "partitioner";

  /** The value of {@link #PARTITIONER} that leaves the choice to Kafka's own producer. */
  public static final String KAFKAS_OWN = "default";

  private final IntUnaryOperator random;
  private PartitionRule rule = PartitionRule.CONSISTENT_RANDOM;

  /** Made by Kafka's producer. */
  public LibrdkafkaPartitioner() {
    this(bound -> ThreadLocalRandom.current().nextInt(bound));
  }

  LibrdkafkaPartitioner(IntUnaryOperator random) {
    this.random = random;
  }

  /**
   * Lets the properties of a producer name a rule and no class: {@code partitioner=fnv1a} becomes
   * this class with that rule, {@code default} becomes nothing. Does nothing without {@code
   * partitioner}.
   *
   * @param key how {@code partitioner} is called where an operator writes it
   * @throws SettingsException for any other name, and beside {@code partitioner.class}
   */
  public static void select(Map<String, Object> properties, String key) {
    Object name = properties.get(PARTITIONER);
    if (name == null) {
      return;
    }
    String classKey = ProducerConfig.PARTITIONER_CLASS_CONFIG;
    Object other = properties.get(classKey);
    if (other != null && !other.equals(LibrdkafkaPartitioner.class.getName())) {
      throw new SettingsException(
          key
              + " is '"
              + name
              + "' and partitioner.class is '"
              + other
              + "'; expected one of both");
    }
    if (name.equals(KAFKAS_OWN)) {
      properties.remove(PARTITIONER);
    } else {
      rule(key, name);
      // The class and not its name: Kafka would look for that with the thread's class loader.
      properties.put(classKey, LibrdkafkaPartitioner.class);
    }
  }

  private static PartitionRule rule(String key, Object name) {
    return PartitionRule.named(name.toString())
        .orElseThrow(
            () ->
                SettingsException.of(
                    key,
                    name.toString(),
                    "one of "
                        + KAFKAS_OWN
                        + ", "
                        + String.join(", ", PartitionRule.configNames())));
  }

  @Override
  public void configure(Map<String, ?> properties) {
    Object name = properties.get(PARTITIONER);
    if (name != null) {
      rule = rule(PARTITIONER, name);
    }
  }

  @Override
  public int partition(
      String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
    return rule.partition(keyBytes, cluster.partitionCountForTopic(topic))
        .orElseGet(() -> any(topic, cluster));
  }

  private int any(String topic, Cluster cluster) {
    List<PartitionInfo> withLeader = cluster.availablePartitionsForTopic(topic);
    List<PartitionInfo> choice =
        withLeader.isEmpty() ? cluster.partitionsForTopic(topic) : withLeader;
    return choice.get(random.applyAsInt(choice.size())).partition();
  }

  @Override
  public void close() {}
}
