package io.drivetrain.tests.faults;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.faults.Invariants.Duplicates;
import io.drivetrain.tests.faults.Invariants.Ordering;
import io.drivetrain.tests.weld.WeldApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * One fault under load: a topic, nodes that read it in one group, in this JVM or in their own, and
 * what came of it. While it lasts, it looks again and again at what the group has committed. One
 * test thread uses it.
 */
final class Trial implements AutoCloseable {
  private static final String IN = "mp.messaging.incoming.in.";
  private static final Duration BOUND = Duration.ofMinutes(3);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final String fault;
  private final Topic topic;
  private final Ordering ordering;
  private final Path directory;
  private final EffectFile effects;
  private final Load load;
  private final List<String> settings = new ArrayList<>();
  private final List<WeldApp> apps = new ArrayList<>();
  private final List<WorkerProcess> processes = new ArrayList<>();
  private final Thread audit = new Thread(this::audit, "faults-audit");

  /** Guarded by itself. */
  private final List<History.Commits> commits = new ArrayList<>();

  private volatile boolean finished;

  /**
   * Begins the load.
   *
   * @param ordering what the nodes keep in order; with keys, each has several workers
   * @param rate records per second
   * @param settings of the channel, without its prefix: attribute, value, attribute, value
   */
  Trial(
      String fault,
      String bootstrapServers,
      Topic topic,
      Ordering ordering,
      int rate,
      String... settings) {
    this.fault = fault;
    this.topic = topic;
    this.ordering = ordering;
    try {
      this.directory = Files.createTempDirectory("drivetrain-faults");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.effects = new EffectFile(directory.resolve("effects"));
    set(
        "connector",
        "drivetrain",
        "topic",
        topic.name(),
        "group.id",
        group(),
        "bootstrap.servers",
        bootstrapServers,
        "reconnect.backoff.max.ms",
        "200",
        "auto.commit.interval.ms",
        "200",
        "pause-timeout",
        "50ms",
        "ordering",
        ordering.name().toLowerCase(Locale.ROOT),
        "concurrency",
        ordering == Ordering.KEY ? "3" : "1");
    if (!List.of(settings).contains("consumer")) {
      // So often members hear of a rebalance; with the other protocol the broker says how often.
      set("heartbeat.interval.ms", "300");
    }
    set(settings);
    this.load = new Load(bootstrapServers, topic.name(), topic.partitions(), rate);
    audit.setDaemon(true);
    audit.start();
  }

  private void set(String... attributesAndValues) {
    for (int i = 0; i < attributesAndValues.length; i += 2) {
      settings.add(IN + attributesAndValues[i]);
      settings.add(attributesAndValues[i + 1]);
    }
  }

  String group() {
    return topic.name();
  }

  /** One more node, in this JVM. */
  WeldApp join() {
    WeldApp app =
        apps.isEmpty()
            ? WeldApp.with(settings.toArray(String[]::new))
                .beans(Worker.class)
                .instance(EffectFile.class, effects)
                .start()
            : apps.get(0).startAnother(Worker.class);
    apps.add(app);
    return app;
  }

  /** Stops a node of this JVM cleanly. */
  void leave(WeldApp app) {
    apps.remove(app);
    app.close();
  }

  /** The nodes in this JVM, by age. */
  List<WeldApp> apps() {
    return List.copyOf(apps);
  }

  /** One more node, in a JVM of its own, with further settings of its channel. */
  WorkerProcess spawn(String... attributesAndValues) {
    List<String> all = new ArrayList<>(settings);
    for (int i = 0; i < attributesAndValues.length; i += 2) {
      all.add(IN + attributesAndValues[i]);
      all.add(attributesAndValues[i + 1]);
    }
    WorkerProcess process = WorkerProcess.start(directory.resolve("effects"), all);
    processes.add(process);
    return process;
  }

  /** The effects and notes of all nodes. */
  EffectFile effects() {
    return effects;
  }

  /** Waits until so many more records were processed. */
  void progress(int records) {
    int before = effects.count();
    eventually(
        BOUND,
        () ->
            assertThat(effects.count())
                .as(() -> fault + ": effects\n" + logs())
                .isGreaterThanOrEqualTo(before + records));
  }

  /** Waits until so many more records were stored. */
  void stored(int records) {
    long before = load.stored();
    eventually(
        BOUND,
        () ->
            assertThat(load.stored())
                .as(fault + ": stored")
                .isGreaterThanOrEqualTo(before + records));
  }

  /** Notes what is committed now, and how far the effects are. */
  void look() {
    // In this order: what was committed must have had its effect by then.
    Map<Integer, Long> committed = topic.committed(group());
    int count = effects.count();
    synchronized (commits) {
      commits.add(new History.Commits(count, committed));
    }
  }

  private void audit() {
    while (!finished) {
      try {
        look();
      } catch (RuntimeException e) {
        // The broker that knows is away.
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /**
   * Ends the load, lets the nodes process and commit everything, stops them and judges.
   *
   * @param duplicates which are allowed
   */
  Verdict finish(Duplicates duplicates) throws InterruptedException {
    long records = load.finish();
    Map<Integer, Long> ends = topic.ends();
    assertThat(ends.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(records);
    String problem = settled(ends);
    finished = true;
    audit.join(Duration.ofMinutes(1).toMillis());
    close(apps);
    close(processes);
    look();
    List<History.Commits> looks;
    synchronized (commits) {
      looks = List.copyOf(commits);
    }
    Verdict verdict =
        Invariants.judge(new History(ends, effects.effects(), looks), ordering, duplicates);
    FaultTable.add(fault, verdict);
    assertThat(verdict.findings()).as(() -> fault + ": " + verdict + "\n" + logs()).isEmpty();
    assertThat(problem).as(fault).isEmpty();
    return verdict;
  }

  /** Waits until everything is committed; says what is not. */
  private String settled(Map<Integer, Long> ends) {
    try {
      eventually(BOUND, () -> assertThat(topic.committed(group())).isEqualTo(ends));
      return "";
    } catch (AssertionError e) {
      return e.getMessage();
    }
  }

  private String logs() {
    StringBuilder logs = new StringBuilder();
    effects.notes().forEach(note -> logs.append(note).append('\n'));
    for (WorkerProcess process : processes) {
      logs.append(process.node()).append(":\n").append(process.log()).append('\n');
    }
    return logs.toString();
  }

  private static void close(List<? extends AutoCloseable> members) {
    for (AutoCloseable member : List.copyOf(members)) {
      try {
        member.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
    members.clear();
  }

  @Override
  public void close() {
    finished = true;
    load.close();
    try {
      close(apps);
    } finally {
      processes.forEach(WorkerProcess::kill);
      effects.close();
      delete();
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
