package io.drivetrain.tests.benchmark.outbox;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.benchmark.Figures;
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

/**
 * Compares outboxes on a real broker and a real PostgreSQL with {@code fsync} on. Run it on a quiet
 * machine, from the root of the repository:
 *
 * <pre>{@code
 * mvn -q -Pbenchmark -pl tests -am package -DskipTests -Dbenchmark.main=io.drivetrain.tests.benchmark.outbox.OutboxBenchmark
 * }</pre>
 *
 * <p>System properties choose: {@code benchmark.races} and {@code benchmark.contenders} (names of
 * {@link OutboxRace} and {@link OutboxContender}, separated by commas, default all), {@code
 * benchmark.rounds}, {@code benchmark.events.<race>} and {@code benchmark.seconds} size it. Prints
 * Markdown.
 */
public final class OutboxBenchmark {
  private final KafkaBroker broker;
  private final Postgres postgres;
  private final Map<OutboxContender, List<Figures>> results = new EnumMap<>(OutboxContender.class);

  private OutboxBenchmark(KafkaBroker broker, Postgres postgres) {
    this.broker = broker;
    this.postgres = postgres;
  }

  /** Runs what is chosen, one contender after another, and prints the tables. */
  public static void main(String[] arguments) throws Exception {
    System.setProperty("drivetrain.testkit.broker.jvm-options", "-Xmx1g -XX:+UseParallelGC");
    // As a server has it; logical, or Debezium could not run beside the others.
    System.setProperty(
        "drivetrain.testkit.postgres.settings",
        "fsync=on shared_buffers=512MB max_wal_size=8GB wal_level=logical");
    try (KafkaBroker broker = KafkaBroker.started();
        Postgres postgres = Postgres.started()) {
      OutboxBenchmark benchmark = new OutboxBenchmark(broker, postgres);
      for (OutboxContender contender : OutboxContender.values()) {
        if (isChosen("races", contender.race().name())
            && isChosen("contenders", contender.name())) {
          benchmark.run(contender);
        }
      }
      new OutboxResults(benchmark.results).print();
    }
  }

  private static boolean isChosen(String property, String name) {
    String chosen = System.getProperty("benchmark." + property, "");
    return chosen.isBlank()
        || List.of(chosen.toUpperCase(Locale.ROOT).split("\\s*,\\s*")).contains(name);
  }

  private void run(OutboxContender contender) throws IOException, InterruptedException {
    int rounds = contender.race().rounds();
    int all = rounds == 1 ? 1 : 1 + rounds;
    List<Topic> topics = new ArrayList<>();
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
            OutboxContenderMain.class.getName(),
            contender.name(),
            broker.bootstrapServers(),
            postgres.user(),
            postgres.password()));
    for (int round = 0; round < all; round++) {
      Topic topic = broker.newTopic("outbox", 6);
      topics.add(topic);
      command.add(postgres.jdbcUrl(postgres.createDatabase()));
      command.add(topic.name());
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<Figures> measured = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = out.readLine()) != null) {
        if (Figures.isLine(line)) {
          check(contender, topics.get(measured.size()), line);
          measured.add(Figures.parse(line));
          System.out.println(
              contender.label()
                  + (all > 1 && measured.size() == 1 ? " (warm-up): " : ": ")
                  + measured.get(measured.size() - 1));
        }
      }
      process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    topics.forEach(Topic::delete);
    if (measured.size() != all) {
      System.out.println(contender.label() + ": failed, see above");
    } else {
      results.put(contender, all > 1 ? measured.subList(1, all) : measured);
    }
  }

  /** What was counted must be in the topic. */
  private static void check(OutboxContender contender, Topic topic, String line) {
    if (contender.library() == OutboxContender.Library.NOT_DRAINED
        || contender.race() == OutboxRace.BUSINESS) {
      return;
    }
    long stored = topic.ends().values().stream().mapToLong(Long::longValue).sum();
    if (stored < Figures.parse(line).records()) {
      throw new IllegalStateException(contender + ": only " + stored + " are in " + topic);
    }
  }
}
