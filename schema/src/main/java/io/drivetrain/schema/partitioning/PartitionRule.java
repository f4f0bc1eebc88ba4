package io.drivetrain.schema.partitioning;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;
import java.util.zip.CRC32;
import org.apache.kafka.common.utils.Utils;

/**
 * librdkafka's rules for the partition of a key, by the names of its property {@code partitioner}.
 */
enum PartitionRule {
  /** CRC-32 of the key; no key counts as an empty one. */
  CONSISTENT(PartitionRule::crc32, Unhashed.NONE),
  /** CRC-32, librdkafka's default; any partition for no key and for an empty one. */
  CONSISTENT_RANDOM(PartitionRule::crc32, Unhashed.MISSING_OR_EMPTY),
  /** The hash of Kafka's Java producer; no key counts as an empty one. */
  MURMUR2(PartitionRule::murmur2, Unhashed.NONE),
  /** As Kafka's Java producer for keys; any partition for no key. */
  MURMUR2_RANDOM(PartitionRule::murmur2, Unhashed.MISSING),
  /** FNV-1a as the Go client Sarama has it; no key counts as an empty one. */
  FNV1A(PartitionRule::fnv1a, Unhashed.NONE),
  /** FNV-1a; any partition for no key. */
  FNV1A_RANDOM(PartitionRule::fnv1a, Unhashed.MISSING);

  /** Which keys may go to any partition. */
  private enum Unhashed {
    NONE,
    MISSING,
    MISSING_OR_EMPTY
  }

  private final ToLongFunction<byte[]> hash;
  private final Unhashed unhashed;

  PartitionRule(ToLongFunction<byte[]> hash, Unhashed unhashed) {
    this.hash = hash;
    this.unhashed = unhashed;
  }

  /** As configuration names it. */
  String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> configNames() {
    return Arrays.stream(values()).map(PartitionRule::configName).toList();
  }

  static Optional<PartitionRule> named(String name) {
    return Arrays.stream(values()).filter(rule -> rule.configName().equals(name)).findFirst();
  }

  /**
   * The partition of a key; empty if any will do.
   *
   * @param key null for none
   * @param partitions how many the topic has
   */
  OptionalInt partition(byte[] key, int partitions) {
    boolean any =
        switch (unhashed) {
          case NONE -> false;
          case MISSING -> key == null;
          case MISSING_OR_EMPTY -> key == null || key.length == 0;
        };
    return any
        ? OptionalInt.empty()
        : OptionalInt.of((int) (hash.applyAsLong(key == null ? new byte[0] : key) % partitions));
  }

  private static long crc32(byte[] key) {
    CRC32 crc = new CRC32();
    crc.update(key);
    return crc.getValue();
  }

  private static long murmur2(byte[] key) {
    return Utils.murmur2(key) & 0x7fffffff;
  }

  private static long fnv1a(byte[] key) {
    int hash = 0x811c9dc5;
    for (byte letter : key) {
      hash ^= letter & 0xff;
      hash *= 0x01000193;
    }
    // Sarama takes the hash for a signed number and drops the sign, librdkafka follows. The
    // smallest int has no positive twin: unsigned, it is what both make of it.
    return Integer.toUnsignedLong(Math.abs(hash));
  }
}
