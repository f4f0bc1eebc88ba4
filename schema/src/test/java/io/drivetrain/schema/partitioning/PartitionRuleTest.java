package io.drivetrain.schema.partitioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PartitionRuleTest {

  /** So large and prime that equal partitions mean equal hashes. */
  private static final int MANY = Integer.MAX_VALUE;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int partition(PartitionRule rule, byte[] key, int partitions) {
    return rule.partition(key, partitions).orElseThrow();
  }

  private static int modulo(String hash, int partitions) {
    return (int) (Long.parseUnsignedLong(hash, 16) % partitions);
  }

  /** Hashes that librdkafka's own tests expect, found there with tools of other languages. */
  @ParameterizedTest
  @CsvSource({
    "23456, b1b451d7, 058d780f, 27e6f469",
    "this is another string with more length to it perhaps, b0150df7, 4f7703da, 155e3e5f",
    "hejsan, d077037e, 5ec19395, 17b1e27a",
  })
  void librdkafkas_examples_go_where_librdkafka_sends_them(
      String key, String crc32, String murmur2, String fnv1a) {
    for (int partitions : new int[] {1, 2, 7, 17, 50, MANY}) {
      assertThat(partition(PartitionRule.CONSISTENT, bytes(key), partitions))
          .isEqualTo(partition(PartitionRule.CONSISTENT_RANDOM, bytes(key), partitions))
          .isEqualTo(modulo(crc32, partitions));
      assertThat(partition(PartitionRule.MURMUR2, bytes(key), partitions))
          .isEqualTo(partition(PartitionRule.MURMUR2_RANDOM, bytes(key), partitions))
          .isEqualTo(modulo(murmur2, partitions));
      assertThat(partition(PartitionRule.FNV1A, bytes(key), partitions))
          .isEqualTo(partition(PartitionRule.FNV1A_RANDOM, bytes(key), partitions))
          .isEqualTo(modulo(fnv1a, partitions));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "kafka, d067cf64, 0d33c4e1",
    "giberish123456789, 8f552b0c, 77a58295",
    "1234, 9fc97b14, 023bdd03",
    "234, e7c009ca, 2dea3cd2",
    "34, 873930da, 740fa83e",
    "4, 5a4b5ca1, 310ca263",
    "'PreAmbleWillBeRemoved,ThePrePartThatIs', 78424f1c, 65cbd69c",
    "'reAmbleWillBeRemoved,ThePrePartThatIs', 4a62b377, 6e49c79a",
  })
  void murmur2_loses_its_sign_by_a_mask_and_fnv1a_by_its_absolute_value(
      String key, String murmur2, String fnv1a) {
    int masked = Integer.parseUnsignedInt(murmur2, 16) & 0x7fffffff;

    assertThat(partition(PartitionRule.MURMUR2, bytes(key), MANY)).isEqualTo(masked % MANY);
    assertThat(partition(PartitionRule.FNV1A, bytes(key), MANY)).isEqualTo(modulo(fnv1a, MANY));
  }

  /** The check value of the CRC-32 of zip and Ethernet, and the published ones of FNV-1a. */
  @Test
  void the_hashes_are_the_published_ones() {
    assertThat(partition(PartitionRule.CONSISTENT, bytes("123456789"), MANY))
        .isEqualTo(modulo("cbf43926", MANY));
    assertThat(partition(PartitionRule.FNV1A, bytes("a"), MANY))
        .isEqualTo(-Integer.parseUnsignedInt("e40c292c", 16));
    assertThat(partition(PartitionRule.FNV1A, bytes("foobar"), MANY))
        .isEqualTo(-Integer.parseUnsignedInt("bf9cf968", 16));
  }

  @Test
  void keys_with_bytes_above_127_hash_as_unsigned_ones() {
    // FNV-1a of one byte b is (0x811c9dc5 ^ b) * 0x01000193.
    int hash = (0x811c9dc5 ^ 0xff) * 0x01000193;

    assertThat(partition(PartitionRule.FNV1A, new byte[] {(byte) 0xff}, MANY))
        .isEqualTo(Math.abs(hash));
  }

  @ParameterizedTest
  @EnumSource(PartitionRule.class)
  void a_key_of_letters_that_take_two_bytes_is_hashed_to_its_end(PartitionRule rule) {
    // The three bytes that a count of letters would take are the same in both.
    assertThat(partition(rule, bytes("üüa"), MANY))
        .isNotEqualTo(partition(rule, bytes("üüb"), MANY));
    assertThat(partition(PartitionRule.CONSISTENT, bytes("Grüße"), MANY))
        .isEqualTo(modulo("fbd37071", MANY));
  }

  @Test
  void the_one_hash_without_an_absolute_value_is_taken_unsigned() {
    assertThat(partition(PartitionRule.FNV1A, bytes("afjtjzd"), 7))
        .isEqualTo((int) (0x80000000L % 7))
        .isEqualTo(Math.abs(Integer.MIN_VALUE % 7));
  }

  @ParameterizedTest
  @EnumSource(PartitionRule.class)
  void a_missing_key_and_an_empty_one_go_where_librdkafka_sends_them(PartitionRule rule) {
    OptionalInt any = OptionalInt.empty();
    OptionalInt ofNothing =
        OptionalInt.of(
            switch (rule) {
              case CONSISTENT, CONSISTENT_RANDOM -> 0;
              case MURMUR2, MURMUR2_RANDOM -> 0x106e08d9 % 17;
              case FNV1A, FNV1A_RANDOM -> 0x7ee3623b % 17;
            });

    assertThat(rule.partition(null, 17))
        .isEqualTo(rule.name().endsWith("_RANDOM") ? any : ofNothing);
    assertThat(rule.partition(new byte[0], 17))
        .isEqualTo(rule == PartitionRule.CONSISTENT_RANDOM ? any : ofNothing);
  }

  @Test
  void murmur2_is_what_kafkas_own_producer_does_with_keys() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      byte[] key = new byte[random.nextInt(40)];
      random.nextBytes(key);
      int partitions = 1 + random.nextInt(1_000);

      assertThat(partition(PartitionRule.MURMUR2_RANDOM, key, partitions))
          .as("seed %d", seed)
          .isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
    }
  }

  @ParameterizedTest
  @EnumSource(PartitionRule.class)
  void every_key_has_a_partition_that_exists(PartitionRule rule) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      byte[] key = new byte[1 + random.nextInt(40)];
      random.nextBytes(key);
      int partitions = 1 + random.nextInt(1_000);

      assertThat(partition(rule, key, partitions)).as("seed %d", seed).isBetween(0, partitions - 1);
    }
  }
}
