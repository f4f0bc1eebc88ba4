package io.drivetrain.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A partition is blocked, with more records behind it than the node has memory. */
@ExtendWith(FaultTable.class)
class MemoryTest {
  private static final int BEHIND = Scale.of(300_000, 10_000_000);
  private static final int BESIDE = Scale.of(100_000, 2_000_000);
  private static final int HEAP_MEGABYTES = Scale.of(128, 256);
  private static final int RECORD_BYTES = 1_024;
  private static final int PARTITIONS = Scale.of(3, 5);

  /** {@code queue-bytes} of each partition, as objects, and what a node has without any record. */
  private static final long MOST_BYTES = (PARTITIONS * 16L * 3 / 2 + 32) << 20;

  private static KafkaBroker broker;
  private static Topic topic;

  @BeforeAll
  static void fill() {
    broker = KafkaBroker.started();
    topic = broker.newTopic("blocked", PARTITIONS);
    // Repetitive values and compression: the log of ten gigabytes of records has a few hundred
    // megabytes, and what the node has to keep is not compressed.
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "compression.type",
                "lz4",
                "linger.ms",
                20,
                "batch.size",
                256 * 1_024),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < BEHIND; i++) {
        producer.send(new ProducerRecord<>(topic.name(), 0, null, value(i)));
      }
      for (int i = 0; i < BESIDE; i++) {
        int partition = 1 + i % (PARTITIONS - 1);
        producer.send(new ProducerRecord<>(topic.name(), partition, null, value(i)));
      }
    }
    assertThat(topic.ends().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(BEHIND + BESIDE);
  }

  @AfterAll
  static void close() {
    broker.close();
  }

  private static byte[] value(int number) {
    byte[] value = new byte[RECORD_BYTES];
    byte[] text = ("{\"number\":" + number + "}").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < RECORD_BYTES; i++) {
      value[i] = text[i % text.length];
    }
    return value;
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "hang"})
  void the_heap_stays_as_it_is_and_the_others_flow(String how) throws Exception {
    Process node = start(how);
    List<String> lines = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8))) {
      out.lines().forEach(lines::add);
      assertThat(node.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      node.destroyForcibly();
    }

    assertThat(node.exitValue()).as(String.join("\n", lines)).isZero();
    assertThat(lines).endsWith("done");
    List<Long> beside = samples(lines, "beside");
    List<Long> behind = samples(lines, "behind");
    FaultTable.add(
        String.format(
            Locale.ROOT,
            "%,d records of %d bytes behind a blocked partition (%s), heap of %d MB: in use after a"
                + " collection %s while %,d others flowed, then %s",
            BEHIND,
            RECORD_BYTES,
            how,
            HEAP_MEGABYTES,
            range(beside),
            BESIDE,
            range(behind)));
    assertThat(beside).hasSize(10).allSatisfy(used -> assertThat(used).isLessThan(MOST_BYTES));
    assertThat(behind).hasSize(10).allSatisfy(used -> assertThat(used).isLessThan(MOST_BYTES));
  }

  private static Process start(String how) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + HEAP_MEGABYTES + "m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.util.logging.config.file="
                + System.getProperty("java.util.logging.config.file", ""),
            "-cp",
            System.getProperty("java.class.path"),
            MemoryMain.class.getName(),
            broker.bootstrapServers(),
            topic.name(),
            Integer.toString(BEHIND),
            Integer.toString(BESIDE),
            how)
        .redirectErrorStream(true)
        .start();
  }

  private static List<Long> samples(List<String> lines, String what) {
    return lines.stream()
        .filter(line -> line.startsWith(what + " "))
        .map(line -> Long.valueOf(line.substring(what.length() + 1)))
        .toList();
  }

  private static String range(List<Long> samples) {
    return String.format(
        Locale.ROOT,
        "%d to %d MB",
        samples.stream().mapToLong(Long::longValue).min().orElseThrow() >> 20,
        samples.stream().mapToLong(Long::longValue).max().orElseThrow() >> 20);
  }
}
