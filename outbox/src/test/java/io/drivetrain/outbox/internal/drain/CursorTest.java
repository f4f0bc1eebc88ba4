package io.drivetrain.outbox.internal.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.internal.drain.SimulatedPostgres.Row;
import io.drivetrain.outbox.internal.store.Marker;
import io.drivetrain.outbox.internal.store.Marker.Seen;
import io.drivetrain.outbox.internal.store.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Reads from the cursor against all that a full read would see. */
class CursorTest {
  private static final int SHARDS = 2;
  private static final int TOPICS = 3;

  @Test
  void whatever_commits_late_no_row_is_missed_and_each_key_is_read_in_order() {
    for (int round = 0; round < 150; round++) {
      new World(System.nanoTime() + round, true).run(1_500);
    }
  }

  @Test
  void reads_stay_short_although_nothing_is_vacuumed() {
    World world = new World(System.nanoTime(), false);

    world.run(60_000);

    // A sixteenth leaves room for the unlucky transaction that was open for long.
    assertThat(world.visited).as("seed %d", world.seed).isLessThan(world.wouldVisit / 16);
  }

  @Test
  void a_transaction_that_was_running_is_looked_for_once_it_has_completed() {
    Markers markers = new Markers();
    Cursor cursor = new Cursor(markers);
    markers.add(new Marker("s", 10, 1_000));
    markers.add(new Marker("s", 20, 2_000));
    // 15 drew its rows above 1000; it runs.
    cursor.read(new Snapshot("s", 1, 15, 31, 15), Long.MAX_VALUE);

    assertThat(cursor.low(new Snapshot("s", 1, 15, 40, 15))).isEqualTo(2_000);
    assertThat(cursor.low(new Snapshot("s", 1, 40, 40))).isEqualTo(1_000);
  }

  @Test
  void a_transaction_beyond_the_end_of_the_snapshot_may_be_older_than_a_marker() {
    Markers markers = new Markers();
    Cursor cursor = new Cursor(markers);
    markers.add(new Marker("s", 10, 1_000));
    // 21 to 25 run already, none of them is listed, for none above 20 has completed.
    cursor.read(new Snapshot("s", 1, 21, 21), Long.MAX_VALUE);
    markers.add(new Marker("s", 26, 2_000));

    assertThat(cursor.low(new Snapshot("s", 1, 30, 30))).isEqualTo(1_000);
  }

  @Test
  void after_a_read_that_ended_early_the_next_begins_there() {
    Markers markers = new Markers();
    Cursor cursor = new Cursor(markers);
    markers.add(new Marker("s", 10, 1_000));
    cursor.read(new Snapshot("s", 1, 11, 11), 500);

    assertThat(cursor.low(new Snapshot("s", 1, 12, 12))).isEqualTo(500);
  }

  @Test
  void after_a_crash_ids_of_transactions_that_were_rolled_back_are_given_once_more() {
    Markers markers = new Markers();
    markers.add(new Marker("s", 10, 1_000));
    Cursor cursor = new Cursor(markers);
    // 11 to 30 were rolled back, which no disk needs to know.
    cursor.read(new Snapshot("s", 1, 31, 31), Long.MAX_VALUE);
    // The server crashes; 15 draws the row 4000 and is late; 20 is a transaction of ours.
    markers.add(new Marker("s", 20, 5_000));

    assertThat(cursor.low(new Snapshot("s", 2, 40, 40))).isZero();

    cursor.read(new Snapshot("s", 2, 40, 40), Long.MAX_VALUE);
    assertThat(cursor.low(new Snapshot("s", 1, 50, 50))).isEqualTo(5_000);
    assertThat(cursor.low(new Snapshot("s", 2, 50, 50))).isEqualTo(5_000);
  }

  @Test
  void markers_may_come_to_be_known_in_any_order() {
    Markers markers = new Markers();
    markers.add(new Marker("s", 20, 500));
    markers.add(new Marker("s", 30, 3_000));
    markers.add(new Marker("s", 10, 1_000));

    assertThat(markers.below("s", 10)).isZero();
    assertThat(markers.below("s", 20)).isEqualTo(1_000);
    assertThat(markers.below("s", 30)).isEqualTo(1_000);
    assertThat(markers.below("s", 31)).isEqualTo(3_000);
  }

  @Test
  void an_id_that_was_seen_counts_only_without_the_sequence() {
    Seen seen = new Seen("s", 5_000_000_000L);

    assertThat(new Marker("s", 10, 1_000).after(seen)).isEqualTo(new Marker("s", 10, 1_000));
    assertThat(new Marker("s", 10, 0).after(seen).id()).isEqualTo(seen.id());
    assertThat(new Marker("t", 10, 0).after(seen).id()).isZero();
  }

  @Test
  void another_server_and_a_topic_that_is_usable_again_mean_a_full_read() {
    Markers markers = new Markers();
    markers.add(new Marker("s", 10, 1_000));
    Cursor cursor = new Cursor(markers);
    cursor.leaveOut(List.of("t"));
    cursor.read(new Snapshot("s", 1, 11, 11), Long.MAX_VALUE);
    assertThat(cursor.low(new Snapshot("other", 1, 12, 12))).isZero();
    assertThat(cursor.low(new Snapshot("s", 1, 12, 12))).isEqualTo(1_000);

    cursor.leaveOut(List.of());

    assertThat(cursor.low(new Snapshot("s", 1, 12, 12))).isZero();
  }

  @Test
  void markers_that_were_wrong_once_are_not_used_again() {
    Markers markers = new Markers();
    markers.add(new Marker("s", 10, 1_000));
    Cursor cursor = new Cursor(markers);
    cursor.read(new Snapshot("s", 1, 11, 11), Long.MAX_VALUE);

    markers.distrust();

    assertThat(cursor.low(new Snapshot("s", 1, 12, 12))).isZero();
  }

  /** Writers, and a drainer for each of two shards, of one node. */
  private static final class World {
    private final long seed;
    private final Random random;
    private final SimulatedPostgres postgres;
    private final Markers markers = new Markers();
    private final List<Marker> notYetKnown = new ArrayList<>();
    private final List<Drainer> drainers = new ArrayList<>();
    private final boolean rough;
    private final boolean seesSequence;
    private long visited;
    private long wouldVisit;

    World(long seed, boolean rough) {
      this.seed = seed;
      this.random = new Random(seed);
      this.rough = rough;
      this.seesSequence = random.nextInt(3) > 0;
      this.postgres = new SimulatedPostgres(random, 1 + random.nextInt(10), 7);
      for (int shard = 0; shard < SHARDS; shard++) {
        drainers.add(new Drainer(shard));
      }
    }

    void run(int steps) {
      for (int step = 0; step < steps; step++) {
        step(true);
      }
      while (!postgres.isQuiet()) {
        step(false);
      }
      for (Drainer drainer : drainers) {
        drainer.excluded.clear();
        do {
          drainer.finishDelete();
        } while (drainer.read() > 0);
        drainer.assertComplete();
      }
    }

    private void step(boolean mayBegin) {
      int dice = random.nextInt(100);
      Drainer drainer = drainers.get(random.nextInt(SHARDS));
      if (dice < 70) {
        postgres.step(mayBegin);
      } else if (dice < 82) {
        drainer.read();
      } else if (dice < 88) {
        drainer.beginDelete();
      } else if (dice < 94) {
        drainer.finishDelete();
      } else if (dice < 96) {
        beat();
      } else if (dice < 98) {
        notYetKnown.forEach(markers::add);
        notYetKnown.clear();
      } else if (rough && random.nextInt(10) == 0) {
        trouble(drainer);
      }
    }

    private void trouble(Drainer drainer) {
      switch (random.nextInt(5)) {
        case 0 -> drainer.again();
        case 1 -> drainer.excluded.add(random.nextInt(TOPICS));
        case 2 -> drainer.excluded.clear();
        case 3 -> {
          Set<Long> lost = postgres.failOver();
          drainers.forEach(each -> each.failedOver(lost));
        }
        default -> {
          postgres.crash();
          drainers.forEach(each -> each.failedOver(Set.of()));
        }
      }
    }

    /** The lease thread's transaction. */
    private void beat() {
      long xid = postgres.beginTransaction();
      Marker marker = postgres.marker(xid, seesSequence);
      postgres.end(xid, true);
      notYetKnown.add(marker);
    }

    private final class Drainer {
      private final int shard;
      private final Cursor cursor = new Cursor(markers);
      private final Set<Integer> excluded = new HashSet<>();
      private final Set<Long> underWay = new LinkedHashSet<>();
      private final Map<Integer, List<Long>> firstReads = new HashMap<>();
      private final Set<Long> everRead = new HashSet<>();
      private Seen highest = Seen.NOTHING;
      private long deleting;
      private Marker marker = Marker.NONE;
      private Set<Long> beingDeleted = Set.of();

      Drainer(int shard) {
        this.shard = shard;
      }

      private boolean isMine(Row row) {
        return row.key() % SHARDS == shard;
      }

      int read() {
        cursor.leaveOut(excluded.stream().map(topic -> "t" + topic).toList());
        Snapshot snapshot = postgres.snapshot();
        long low = cursor.low(snapshot);
        assertNothingWaitsUpTo(low, snapshot);
        int limit = 1 + random.nextInt(6) + underWay.size();
        int taken = 0;
        int seen = 0;
        long last = low;
        for (Row row : postgres.above(low)) {
          visited++;
          if (isMine(row)
              && postgres.sees(snapshot, row)
              && !excluded.contains(row.key() % TOPICS)) {
            last = row.id();
            seen++;
            if (underWay.add(row.id())) {
              taken++;
              if (!snapshot.server().equals(highest.server()) || row.id() > highest.id()) {
                highest = new Seen(snapshot.server(), row.id());
              }
              if (everRead.add(row.id())) {
                firstReads.computeIfAbsent(row.key(), key -> new ArrayList<>()).add(row.id());
              }
            }
            if (seen == limit) {
              break;
            }
          }
        }
        wouldVisit += last;
        cursor.read(snapshot, seen < limit ? Long.MAX_VALUE : last);
        return taken;
      }

      /** What the sweep asserts, at every read. */
      private void assertNothingWaitsUpTo(long low, Snapshot snapshot) {
        for (Row row : postgres.above(0)) {
          if (row.id() > low) {
            return;
          }
          if (isMine(row)
              && postgres.sees(snapshot, row)
              && !underWay.contains(row.id())
              && !excluded.contains(row.key() % TOPICS)) {
            assertThat(row).as("missed below %d at %s, seed %d", low, snapshot, seed).isNull();
          }
        }
      }

      void beginDelete() {
        if (deleting == 0 && !underWay.isEmpty()) {
          beingDeleted = new HashSet<>();
          for (long id : underWay) {
            if (beingDeleted.size() < 4) {
              beingDeleted.add(id);
            }
          }
          Seen known = highest;
          deleting = postgres.beginTransaction();
          marker = postgres.marker(deleting, seesSequence).after(known);
        }
      }

      void finishDelete() {
        beginDelete();
        if (deleting == 0) {
          return;
        }
        boolean commit = random.nextInt(10) > 0;
        if (commit) {
          postgres.delete(deleting, beingDeleted);
          underWay.removeAll(beingDeleted);
          notYetKnown.add(marker);
        }
        postgres.end(deleting, commit);
        deleting = 0;
      }

      /** Something failed: what is under way is read again. */
      void again() {
        finishDelete();
        underWay.clear();
        cursor.reset();
      }

      void failedOver(Set<Long> lost) {
        deleting = 0;
        underWay.removeAll(lost);
        everRead.removeAll(lost);
        firstReads.values().forEach(ids -> ids.removeAll(lost));
      }

      void assertComplete() {
        Map<Integer, List<Long>> expected = new HashMap<>();
        for (Row row : postgres.history()) {
          if (isMine(row)) {
            expected.computeIfAbsent(row.key(), key -> new ArrayList<>()).add(row.id());
          }
        }
        firstReads.values().removeIf(List::isEmpty);
        assertThat(new TreeSet<>(firstReads.keySet())).isEqualTo(new TreeSet<>(expected.keySet()));
        expected.forEach(
            (key, ids) ->
                assertThat(firstReads.get(key)).as("key %d, seed %d", key, seed).isEqualTo(ids));
      }
    }
  }
}
