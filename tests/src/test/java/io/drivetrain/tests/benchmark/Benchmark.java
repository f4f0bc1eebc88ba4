package io.drivetrain.tests.benchmark;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Compares ways to consume from a real broker on this machine, each in a fresh JVM. Run it on a
 * quiet machine, from the root of the repository:
 *
 * <pre>{@code
 * mvn -q -Pbenchmark -pl tests -am package -DskipTests
 * }</pre>
 *
 * <p>System properties choose: {@code benchmark.races} and {@code benchmark.contenders} (names of
 * {@link Race} and {@link Contender}, separated by commas, default all), {@code benchmark.rounds}
 * (measured rounds after one warm-up, default 3), {@code benchmark.records.<race>}. Prints a
 * Markdown table per race.
 */
public final class Benchmark {
  private static final String TEXT = "x".repeat(100);
  private static final int KEYS = 1_000;

  private final KafkaBroker broker;
  private final Map<Contender, List<Figures>> results = new EnumMap<>(Contender.class);

  private Benchmark(KafkaBroker broker) {
    this.broker = broker;
  }

  /** Runs what is chosen, one contender after another, and prints the tables. */
  public static void main(String[] arguments) throws Exception {
    // The default of the testkit saves memory and start-up time; here the broker must not be slow.
    System.setProperty("drivetrain.testkit.broker.jvm-options", "-Xmx1g -XX:+UseParallelGC");
    try (KafkaBroker broker = KafkaBroker.started()) {
      Benchmark benchmark = new Benchmark(broker);
      for (Race race : Race.values()) {
        benchmark.run(race);
      }
      benchmark.results.keySet().stream()
          .map(Contender::race)
          .distinct()
          .forEach(race -> new Table(race, benchmark.results).print());
    }
  }

  private void run(Race race) throws IOException, InterruptedException {
    List<Contender> chosen =
        race.contenders().stream()
            .filter(contender -> isChosen("races", race.name()))
            .filter(contender -> isChosen("contenders", contender.name()))
            .toList();
    Topic texts = null;
    Topic purchases = null;
    for (Contender contender : chosen) {
      if (race == Race.LATENCY) {
        Topic topic = broker.newTopic("latency", race.partitions());
        try (Feed feed = new Feed(topic.name())) {
          results.put(contender, measure(contender, topic));
        }
      } else if (contender.name().endsWith("JSON")) {
        purchases = purchases != null ? purchases : filled(race, Purchase::json);
        results.put(contender, measure(contender, purchases));
      } else {
        texts = texts != null ? texts : filled(race, number -> TEXT);
        results.put(contender, measure(contender, texts));
      }
    }
    for (Topic topic : new Topic[] {texts, purchases}) {
      if (topic != null) {
        topic.delete();
      }
    }
  }

  private static boolean isChosen(String property, String name) {
    String chosen = System.getProperty("benchmark." + property, "");
    return chosen.isBlank()
        || List.of(chosen.toUpperCase(Locale.ROOT).split("\\s*,\\s*")).contains(name);
  }

  private Properties producing() {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker.bootstrapServers());
    return properties;
  }

  private Topic filled(Race race, LongFunction<String> value) {
    Topic topic = broker.newTopic(race.name().toLowerCase(Locale.ROOT), race.partitions());
    Properties properties = producing();
    properties.put("linger.ms", "20");
    properties.put("batch.size", "65536");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < race.records(); i++) {
        byte[] key =
            race == Race.KEYED_WORK ? ("key-" + i % KEYS).getBytes(StandardCharsets.UTF_8) : null;
        producer.send(
            new ProducerRecord<>(
                topic.name(),
                i % race.partitions(),
                key,
                value.apply(i).getBytes(StandardCharsets.UTF_8)));
      }
    }
    long stored = topic.ends().values().stream().mapToLong(Long::longValue).sum();
    if (stored != race.records()) {
      throw new IllegalStateException("stored " + stored + " of " + race.records() + " records");
    }
    return topic;
  }

  private List<Figures> measure(Contender contender, Topic topic)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("benchmark.") || name.startsWith("java.util.logging."))
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    String more = System.getProperty("benchmark.jvm-options", "");
    command.addAll(more.isBlank() ? List.of() : List.of(more.split("\\s+")));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            ContenderMain.class.getName(),
            contender.name(),
            broker.bootstrapServers(),
            topic.name()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<Figures> measured = new ArrayList<>();
    int rounds = contender.race().rounds();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = out.readLine()) != null) {
        if (Figures.isLine(line)) {
          measured.add(Figures.parse(line));
          boolean warmUp = rounds > 1 && measured.size() == 1;
          System.out.println(
              contender.label()
                  + (warmUp ? " (warm-up): " : ": ")
                  + measured.get(measured.size() - 1));
        }
      }
      process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    if (measured.size() != rounds) {
      System.out.println(contender.label() + ": failed, see above");
      return List.of();
    }
    return rounds > 1 ? measured.subList(1, rounds) : measured;
  }

  /** Sends at a steady rate, from a thread of its own, until it is closed. */
  private final class Feed implements AutoCloseable {
    private final Thread thread;
    private volatile boolean closed;

    Feed(String topic) {
      thread = new Thread(() -> send(topic), "benchmark-feed");
      thread.start();
    }

    private void send(String topic) {
      Properties properties = producing();
      properties.put("linger.ms", "0");
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
        long start = System.nanoTime();
        for (long sent = 0; !closed; ) {
          long due = (System.nanoTime() - start) * Latency.RECORDS_PER_SECOND / 1_000_000_000;
          for (; sent < due; sent++) {
            producer.send(
                new ProducerRecord<>(
                    topic,
                    (int) (sent % Race.LATENCY.partitions()),
                    null,
                    Latency.stamp().getBytes(StandardCharsets.UTF_8)));
          }
          TimeUnit.MICROSECONDS.sleep(500);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() throws InterruptedException {
      closed = true;
      thread.join(TimeUnit.SECONDS.toMillis(30));
    }
  }
}
