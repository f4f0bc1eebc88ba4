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
 * A table that is published and a table that consumes it, in two databases: whoever is killed, both
 * are equal in the end. {@code -Ddrivetrain.round-trip=10m} says for how long they change.
 */
@UseKafka
@UsePostgres
class RoundTripTest {
  private static final Duration LASTS =
      io.drivetrain.schema.settings.Durations.parse(
          System.getProperty("drivetrain.round-trip", "10s"));
  private static final Duration BOUND = Duration.ofSeconds(120);

  @TempDir Path directory;

  @Test
  void both_tables_are_equal_after_random_changes_and_kills(KafkaBroker broker, Postgres postgres) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    SyncDatabase changed = SyncDatabase.create(postgres);
    SyncDatabase kept = SyncDatabase.create(postgres);
    Topic topic = broker.newTopic("items", 3);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
    settings.put("drivetrain.outbox.data-source", "jdbc/sync");
    settings.put("drivetrain.entity-sync.published.Item.topic", topic.name());
    Map<String, String> keeping = new LinkedHashMap<>(settings);
    String prefix = "mp.messaging.incoming.items.";
    keeping.put(prefix + "connector", "drivetrain");
    keeping.put(prefix + "topic", topic.name());
    keeping.put(prefix + "group.id", topic.name());
    keeping.put(prefix + "session.timeout.ms", "6000");
    keeping.put(prefix + "pause-timeout", "200ms");

    ChildJvm publisher = start("change", changed, settings);
    ChildJvm consumer = start("keep", kept, keeping);
    try {
      // Both are at work before anything is killed.
      eventually(BOUND, () -> assertThat(kept.items()).isNotEmpty());
      int kills = 0;
      long end = System.nanoTime() + LASTS.toNanos();
      do {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(3000)));
        kills++;
        if (random.nextBoolean()) {
          publisher.kill();
          publisher = start("change", changed, settings);
        } else {
          consumer.kill();
          consumer = start("keep", kept, keeping);
        }
      } while (System.nanoTime() < end);
      publisher.say("\n");
      ChildJvm last = publisher;
      eventually(BOUND, () -> assertThat(last.log()).contains("changed\n"));

      eventually(
          BOUND, () -> assertThat(kept.items()).as("seed " + seed).isEqualTo(changed.items()));
      assertThat(changed.items()).isNotEmpty();
      System.out.printf(
          "seed %d: %d nodes killed, %d records, %d rows%n",
          seed,
          kills,
          topic.ends().values().stream().mapToLong(Long::longValue).sum(),
          changed.items().size());
      assertThat(changed.number("select count(*) from drivetrain.outbox")).isZero();
      assertThat(kept.number("select count(*) from drivetrain.outbox"))
          .as("what is consumed is not published again")
          .isZero();
    } catch (AssertionError e) {
      e.addSuppressed(new AssertionError(publisher.log()));
      e.addSuppressed(new AssertionError(consumer.log()));
      throw e;
    } finally {
      publisher.close();
      consumer.close();
    }
  }

  private ChildJvm start(String role, SyncDatabase database, Map<String, String> settings) {
    return SyncProcess.start(
        role, directory, database.jdbcUrl(), database.user(), database.password(), settings);
  }
}
