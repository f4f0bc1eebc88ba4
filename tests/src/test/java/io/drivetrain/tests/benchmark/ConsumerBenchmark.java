package io.drivetrain.tests.benchmark;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Compares ways to consume one topic of small records from a real broker on this machine, each in a
 * fresh JVM. Run it on a quiet machine, from the root of the repository:
 *
 * <pre>{@code
 * mvn -q -Pbenchmark -pl tests -am package -DskipTests
 * }</pre>
 *
 * <p>Environment: {@code BENCHMARK_RECORDS} (default 3000000), {@code BENCHMARK_ROUNDS} (measured
 * rounds after one warm-up, default 3), {@code BENCHMARK_CONTENDERS} (names of {@link Contender},
 * separated by commas, default all). Prints a Markdown table.
 */
public final class ConsumerBenchmark {
  private static final String COMMAND = "mvn -q -Pbenchmark -pl tests -am package -DskipTests";
  private static final int PARTITIONS = 6;
  private static final int RECORD_BYTES = 100;

  private final int records = Integer.parseInt(environment("BENCHMARK_RECORDS", "3000000"));
  private final int rounds = Integer.parseInt(environment("BENCHMARK_ROUNDS", "3"));
  private final Map<Contender, List<Round>> results = new EnumMap<>(Contender.class);

  private ConsumerBenchmark() {}

  /** Runs all contenders one after another and prints the table. */
  public static void main(String[] args) throws Exception {
    new ConsumerBenchmark().run();
  }

  private void run() throws Exception {
    System.out.println("Command: " + COMMAND);
    // The default of the testkit saves memory and start-up time; here the broker must not be slow.
    System.setProperty("drivetrain.testkit.broker.jvm-options", "-Xmx1g -XX:+UseParallelGC");
    try (KafkaBroker broker = KafkaBroker.started()) {
      Topic topic = broker.topic("benchmark", PARTITIONS);
      fill(broker, topic);
      for (Contender contender : contenders()) {
        results.put(contender, measure(contender, broker, topic));
      }
    }
    printTable();
  }

  private static List<Contender> contenders() {
    List<Contender> chosen = new ArrayList<>();
    for (String name : environment("BENCHMARK_CONTENDERS", "").split(",")) {
      if (!name.isBlank()) {
        chosen.add(Contender.valueOf(name.strip().toUpperCase(Locale.ROOT)));
      }
    }
    return chosen.isEmpty() ? List.of(Contender.values()) : chosen;
  }

  private void fill(KafkaBroker broker, Topic topic) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker.bootstrapServers());
    properties.put("linger.ms", "20");
    properties.put("batch.size", "65536");
    byte[] value = "x".repeat(RECORD_BYTES).getBytes(StandardCharsets.UTF_8);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < records; i++) {
        producer.send(new ProducerRecord<>(topic.name(), i % PARTITIONS, null, value));
      }
    }
    long stored = topic.ends().values().stream().mapToLong(Long::longValue).sum();
    if (stored != records) {
      throw new IllegalStateException("stored " + stored + " records instead of " + records);
    }
    System.out.printf(
        Locale.ROOT,
        "%,d records of %d bytes in %d partitions%n",
        records,
        RECORD_BYTES,
        PARTITIONS);
  }

  private List<Round> measure(Contender contender, KafkaBroker broker, Topic topic)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Djava.util.logging.config.file="
                    + System.getProperty("java.util.logging.config.file", ""),
                "-cp",
                System.getProperty("java.class.path"),
                ContenderMain.class.getName(),
                contender.name(),
                broker.bootstrapServers(),
                topic.name(),
                Integer.toString(records),
                Integer.toString(rounds + 1))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Round> measured = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = out.readLine()) != null) {
        if (line.startsWith(Round.PREFIX)) {
          Round round = Round.parse(line);
          measured.add(round);
          System.out.println(
              contender.label() + (measured.size() == 1 ? " (warm-up): " : ": ") + describe(round));
        }
      }
      process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    if (measured.size() != rounds + 1) {
      System.out.println(contender.label() + ": failed, see above");
      return List.of();
    }
    return measured.subList(1, measured.size());
  }

  private String describe(Round round) {
    return String.format(
        Locale.ROOT,
        "%,.0f records/s, %.3f us of CPU per record",
        round.rate(records),
        round.cpuMicros(records));
  }

  private void printTable() {
    System.out.println();
    System.out.printf(
        Locale.ROOT,
        "%,d records of %d bytes, %d partitions, %d rounds after a warm-up, JDK %s, %d cores%n%n",
        records,
        RECORD_BYTES,
        PARTITIONS,
        rounds,
        Runtime.version(),
        Runtime.getRuntime().availableProcessors());
    System.out.println(
        "| consumer | records/s min | median | max | CPU us/record min | median | max |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|");
    results.forEach(
        (contender, measured) -> {
          if (!measured.isEmpty()) {
            double[] rates = sorted(measured.stream().mapToDouble(r -> r.rate(records)).toArray());
            double[] cpu =
                sorted(measured.stream().mapToDouble(r -> r.cpuMicros(records)).toArray());
            System.out.printf(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %,.0f | %.3f | %.3f | %.3f |%n",
                contender.label(),
                rates[0],
                median(rates),
                rates[rates.length - 1],
                cpu[0],
                median(cpu),
                cpu[cpu.length - 1]);
          }
        });
    System.out.println();
    printRatio("one at a time", Contender.OURS_STRING, Contender.SMALLRYE_STRING);
    printRatio("batches", Contender.OURS_LIST, Contender.SMALLRYE_BATCH);
    printRatio("one at a time, against the raw loop", Contender.OURS_STRING, Contender.RAW);
    printRatio("batches, against the raw loop", Contender.OURS_LIST, Contender.RAW);
  }

  private void printRatio(String what, Contender ours, Contender peer) {
    List<Round> mine = results.getOrDefault(ours, List.of());
    List<Round> theirs = results.getOrDefault(peer, List.of());
    if (!mine.isEmpty() && !theirs.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "Medians, %s: %.2f x the rate of %s with %.2f x its CPU per record%n",
          what,
          medianRate(mine) / medianRate(theirs),
          peer.label(),
          medianCpu(mine) / medianCpu(theirs));
    }
  }

  private double medianRate(List<Round> measured) {
    return median(sorted(measured.stream().mapToDouble(r -> r.rate(records)).toArray()));
  }

  private double medianCpu(List<Round> measured) {
    return median(sorted(measured.stream().mapToDouble(r -> r.cpuMicros(records)).toArray()));
  }

  private static double[] sorted(double[] values) {
    Arrays.sort(values);
    return values;
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String environment(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }

  /**
   * One pass over the topic.
   *
   * @param wallNanos from the first record to the last
   * @param cpuNanos process CPU time in between
   */
  record Round(long wallNanos, long cpuNanos) {
    static final String PREFIX = "round ";

    static Round parse(String line) {
      String[] parts = line.substring(PREFIX.length()).split(" ");
      return new Round(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    @Override
    public String toString() {
      return PREFIX + wallNanos + " " + cpuNanos;
    }

    double rate(int records) {
      return records * 1e9 / wallNanos;
    }

    double cpuMicros(int records) {
      return cpuNanos / 1e3 / records;
    }
  }
}
