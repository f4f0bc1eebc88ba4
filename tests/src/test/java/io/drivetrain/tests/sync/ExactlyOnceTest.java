package io.drivetrain.tests.sync;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import io.drivetrain.tests.child.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With exactly-once=true each record has its effect once, whoever dies or freezes in its middle.
 */
@UseKafka
@UsePostgres
class ExactlyOnceTest {
  private static final Duration BOUND = Duration.ofSeconds(120);
  private static final int PARTITIONS = 4;

  @TempDir Path directory;
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private SyncDatabase database;
  private Map<String, String> settings;
  private Topic topic;
  private int sent;

  private void prepare(KafkaBroker broker, Postgres postgres) {
    database = SyncDatabase.create(postgres);
    topic = broker.newTopic("items", PARTITIONS);
    settings = new LinkedHashMap<>();
    settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
    settings.put("drivetrain.outbox.data-source", "jdbc/sync");
    for (String channel : new String[] {"items", "journal"}) {
      String prefix = "mp.messaging.incoming." + channel + ".";
      settings.put(prefix + "connector", "drivetrain");
      settings.put(prefix + "topic", topic.name());
      settings.put(prefix + "group.id", topic.name() + "-" + channel);
      settings.put(prefix + "exactly-once", "true");
      settings.put(prefix + "batch-size", "20");
      settings.put(prefix + "pause-timeout", "200ms");
      settings.put(prefix + "session.timeout.ms", "6000");
      settings.put(prefix + "auto.commit.interval.ms", "1000");
    }
  }

  private ChildJvm node() {
    return SyncProcess.start(
        "note", directory, database.jdbcUrl(), database.user(), database.password(), settings);
  }

  private void send(int records) {
    for (int i = 0; i < records; i++) {
      topic.send(sent % PARTITIONS, Integer.toString(sent % 50), "{\"amount\":" + sent + "}");
      sent++;
    }
  }

  private void assigned(ChildJvm node) {
    eventually(
        BOUND, () -> assertThat(node.log()).contains("channel items: assigned [" + topic.name()));
  }

  private long effects() {
    return database.number("select count(*) from effect");
  }

  private void everyRecordHasOneEffect(ChildJvm... nodes) {
    try {
      eventually(BOUND, () -> assertThat(effects()).isGreaterThanOrEqualTo(2L * sent));
    } catch (AssertionError e) {
      for (ChildJvm node : nodes) {
        e.addSuppressed(new AssertionError(node.log()));
      }
      throw e;
    }
    assertThat(effects()).as("seed " + seed).isEqualTo(2L * sent);
    assertThat(
            database.rows(
                "select who, partition, off from effect group by 1, 2, 3 having count(*) <> 1"))
        .isEmpty();
  }

  @Test
  void a_node_that_is_killed_in_its_middle_repeats_nothing(KafkaBroker broker, Postgres postgres) {
    prepare(broker, postgres);
    try (ChildJvm other = node()) {
      for (int kill = 0; kill < 2; kill++) {
        try (ChildJvm victim = node()) {
          assigned(victim);
          long before = effects();
          send(600);
          eventually(BOUND, () -> assertThat(effects()).isGreaterThan(before + 50));
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(300)));
          victim.kill();
        }
      }
      send(200);
      everyRecordHasOneEffect(other);
    }
  }

  @Test
  void a_node_that_was_frozen_cannot_finish_what_another_has_done(
      KafkaBroker broker, Postgres postgres) {
    prepare(broker, postgres);
    try (ChildJvm zombie = node()) {
      send(400);
      eventually(BOUND, () -> assertThat(effects()).isGreaterThan(50));
      zombie.freeze();
      long frozenAt = effects();
      send(400);
      try (ChildJvm other = node()) {
        assigned(other);
        // A partition in whose transaction it froze may wait for it; the others do not.
        eventually(BOUND, () -> assertThat(effects()).isGreaterThan(frozenAt + 100));
        zombie.thaw();
        send(400);
        everyRecordHasOneEffect(zombie, other);
      } finally {
        zombie.thaw();
      }
    }
  }
}
