package io.drivetrain.schema.partitioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.schema.settings.SettingsException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibrdkafkaPartitionerTest {
  private static final byte[] HEJSAN = "hejsan".getBytes(StandardCharsets.UTF_8);

  /** A topic of seven partitions, of which some have no leader. */
  private static Cluster cluster(Integer... withoutLeader) {
    Node node = new Node(1, "localhost", 9092);
    List<PartitionInfo> partitions = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      boolean led = !List.of(withoutLeader).contains(i);
      partitions.add(
          new PartitionInfo("t", i, led ? node : null, new Node[] {node}, new Node[] {node}));
    }
    return new Cluster("c", List.of(node), partitions, Set.of(), Set.of());
  }

  private static int partition(LibrdkafkaPartitioner partitioner, byte[] key, Cluster cluster) {
    return partitioner.partition("t", null, key, null, null, cluster);
  }

  private static LibrdkafkaPartitioner of(String rule) {
    LibrdkafkaPartitioner partitioner = new LibrdkafkaPartitioner(bound -> bound - 1);
    partitioner.configure(Map.of("partitioner", rule));
    return partitioner;
  }

  @Test
  void a_key_goes_to_its_partition_whether_or_not_that_has_a_leader() {
    int expected = (int) (0xd077037eL % 7);

    assertThat(partition(of("consistent"), HEJSAN, cluster())).isEqualTo(expected);
    assertThat(partition(of("consistent"), HEJSAN, cluster(expected))).isEqualTo(expected);
    assertThat(partition(of("fnv1a_random"), HEJSAN, cluster())).isEqualTo(0x17b1e27a % 7);
  }

  @Test
  void a_record_without_a_key_goes_to_any_partition_that_has_a_leader() {
    assertThat(partition(of("consistent_random"), null, cluster())).isEqualTo(6);
    assertThat(partition(of("consistent_random"), null, cluster(6, 5))).isEqualTo(4);
    assertThat(partition(of("consistent_random"), null, cluster(0, 1, 2, 3, 4, 5, 6))).isEqualTo(6);
  }

  @Test
  void unconfigured_it_does_as_librdkafka_unconfigured() {
    LibrdkafkaPartitioner partitioner = new LibrdkafkaPartitioner();
    partitioner.configure(Map.of());

    assertThat(partition(partitioner, HEJSAN, cluster())).isEqualTo((int) (0xd077037eL % 7));
    assertThat(partition(partitioner, null, cluster())).isBetween(0, 6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "consistent",
        "consistent_random",
        "murmur2",
        "murmur2_random",
        "fnv1a",
        "fnv1a_random"
      })
  void a_short_name_becomes_a_class_that_kafkas_producer_takes(String name) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", "localhost:1");
    properties.put("partitioner", name);

    LibrdkafkaPartitioner.select(properties, "the key");

    assertThat(properties).containsEntry("partitioner.class", LibrdkafkaPartitioner.class);
    new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()).close();
  }

  @Test
  void kafkas_own_partitioner_needs_no_class_and_is_what_there_is_without_a_name() {
    Map<String, Object> named = new HashMap<>(Map.of("partitioner", "default"));
    Map<String, Object> unnamed = new HashMap<>();

    LibrdkafkaPartitioner.select(named, "the key");
    LibrdkafkaPartitioner.select(unnamed, "the key");

    assertThat(named).isEmpty();
    assertThat(unnamed).isEmpty();
  }

  @Test
  void the_class_may_be_named_in_full_beside_the_rule() {
    Map<String, Object> properties =
        new HashMap<>(
            Map.of(
                "partitioner",
                "fnv1a",
                "partitioner.class",
                "io.drivetrain.schema.partitioning.LibrdkafkaPartitioner"));

    LibrdkafkaPartitioner.select(properties, "the key");

    assertThat(properties).containsEntry("partitioner.class", LibrdkafkaPartitioner.class);
  }

  @Test
  void a_mistake_is_refused_in_a_sentence() {
    assertThatThrownBy(() -> select("partitioner", "crc32"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "the key is 'crc32'; expected one of default, consistent, consistent_random, murmur2,"
                + " murmur2_random, fnv1a, fnv1a_random");
    assertThatThrownBy(() -> select("partitioner", "fnv1a", "partitioner.class", "com.example.Own"))
        .hasMessage(
            "the key is 'fnv1a' and partitioner.class is 'com.example.Own'; expected one of both");
  }

  private static void select(String... keysAndValues) {
    Map<String, Object> properties = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    LibrdkafkaPartitioner.select(properties, "the key");
  }
}
