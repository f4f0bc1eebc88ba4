package io.drivetrain.entitysync.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.entitysync.Backfill;
import io.drivetrain.entitysync.internal.scan.ScanWork.Pass;
import io.drivetrain.entitysync.internal.scan.StoredShop.Stored;
import io.drivetrain.entitysync.jpa.Provider;
import io.drivetrain.entitysync.shop.Car;
import io.drivetrain.entitysync.shop.Parcel;
import io.drivetrain.entitysync.shop.Seat;
import io.drivetrain.entitysync.shop.Vehicle;
import io.drivetrain.entitysync.shop.Widget;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An existing table is published once, whatever else happens to it meanwhile. */
@UsePostgres
class BackfillTest {
  private static final Map<String, String> BY_TEN =
      Map.of("drivetrain.entity-sync.backfill.batch-size", "10");

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"HIBERNATE", "ECLIPSELINK"})
  void a_table_is_published_in_order_once_and_shows_how_far_it_is(
      Provider provider, Postgres postgres) throws Exception {
    try (StoredShop shop = new StoredShop(provider, postgres)) {
      widgets(shop, 35);
      shop.republish(Widget.class, null);
      assertThatThrownBy(() -> shop.republish(Widget.class, null))
          .hasMessageContaining("is being republished already");

      ScanWork node = shop.node(BY_TEN);
      node.pass();
      node.pass();

      assertThat(shop.keys()).isEqualTo(numbers(1, 20));
      assertThat(Backfills.all(shop.table))
          .singleElement()
          .satisfies(
              now -> {
                assertThat(now.published()).isEqualTo(20);
                assertThat(now.expected()).contains(35L);
                assertThat(now.finished()).isFalse();
              });
      // The node is gone in the middle of a step, another one goes on.
      rest(shop.node(BY_TEN));
      assertThat(shop.keys()).isEqualTo(numbers(1, 35));
      assertThat(Backfills.all(shop.table)).extracting(Backfill::finished).containsExactly(true);

      shop.forgetEvents();
      shop.republish(Widget.class, "e.id > 30 or e.name = 'w2'");
      rest(node);
      assertThat(shop.keys()).containsExactly("2", "31", "32", "33", "34", "35");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"HIBERNATE", "ECLIPSELINK"})
  void compound_ids_and_joined_children_are_in_order_too(Provider provider, Postgres postgres)
      throws Exception {
    try (StoredShop shop = new StoredShop(provider, postgres)) {
      shop.shop.inTransaction(
          em -> {
            for (String hall : List.of("a", "b", "c")) {
              for (int place = 1; place <= 7; place++) {
                em.persist(new Seat(hall, place, "soft"));
              }
            }
            for (int i = 1; i <= 12; i++) {
              em.persist(i % 2 == 0 ? new Car(i, "p" + i, 4) : new Vehicle(i, "p" + i));
            }
          });
      shop.forgetEvents();
      shop.republish(Seat.class, null);
      shop.republish(Vehicle.class, null);

      rest(shop.node(Map.of("drivetrain.entity-sync.backfill.batch-size", "5")));

      assertThat(shop.events())
          .filteredOn(event -> event.topic().equals("seats"))
          .extracting(event -> event.payload().get("id").toString())
          .hasSize(21)
          .isSorted();
      assertThat(shop.events())
          .filteredOn(event -> event.topic().equals("vehicles"))
          .extracting(Stored::key)
          .isEqualTo(numbers(1, 12));
    }
  }

  /**
   * Two nodes publish the table while others change, delete and create its rows: what consumers
   * have in the end is the table. The seed is in the message.
   */
  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"HIBERNATE_WITH_BATCHING", "ECLIPSELINK"})
  void no_older_state_follows_a_newer_one(Provider provider, Postgres postgres) throws Exception {
    long seed = System.nanoTime();
    try (StoredShop shop = new StoredShop(provider, postgres)) {
      int rows = 120;
      widgets(shop, rows);
      // Consumers know nothing of the table so far.
      shop.republish(Widget.class, null);
      ExecutorService threads = Executors.newFixedThreadPool(6);
      try {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          Random random = new Random(seed + i);
          all.add(threads.submit(() -> change(shop, random, rows)));
        }
        for (int i = 0; i < 2; i++) {
          ScanWork node = shop.node(BY_TEN);
          all.add(threads.submit((Callable<Void>) () -> restAndNothing(node)));
        }
        for (Future<?> each : all) {
          each.get(120, TimeUnit.SECONDS);
        }
      } finally {
        threads.shutdownNow();
      }

      Map<String, Map<String, Object>> view = shop.compacted();
      List<Map<String, Object>> table = shop.shop.rows("select id, name, price from widget");
      assertThat(view.keySet())
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(
              table.stream().map(row -> row.get("id").toString()).toList());
      for (Map<String, Object> row : table) {
        assertThat(view.get(row.get("id").toString()))
            .as("seed %d, widget %s", seed, row.get("id"))
            .containsEntry("name", row.get("name"));
        assertThat((BigDecimal) view.get(row.get("id").toString()).get("price"))
            .as("seed %d, widget %s", seed, row.get("id"))
            .isEqualByComparingTo((BigDecimal) row.get("price"));
      }
    }
  }

  private static void change(StoredShop shop, Random random, int rows) {
    for (int i = 0; i < 60; i++) {
      long id = 1 + random.nextInt(rows);
      String name = "n" + random.nextInt(1_000_000);
      try {
        shop.shop.inTransaction(
            em -> {
              Widget widget = em.find(Widget.class, id);
              if (widget == null) {
                em.persist(new Widget(id, name, "2"));
              } else if (random.nextInt(5) == 0) {
                em.remove(widget);
              } else {
                widget.setName(name);
                // Rows in any order: what a backfill must not turn into somebody's deadlock.
                Widget other = em.find(Widget.class, 1L + random.nextInt(rows));
                if (other != null) {
                  other.setName(name);
                }
              }
            });
      } catch (Exception e) {
        // Two of these change one row: the optimistic lock, a deadlock among them, a second insert.
        assertThat(e).isNotNull();
      }
    }
  }

  @Test
  void a_row_that_is_locked_is_waited_for_alone(Postgres postgres) throws Exception {
    try (StoredShop shop = new StoredShop(Provider.HIBERNATE, postgres);
        var other = postgres.dataSource(shop.shop.database()).getConnection()) {
      widgets(shop, 20);
      shop.republish(Widget.class, null);
      other.setAutoCommit(false);
      try (var lock = other.createStatement()) {
        lock.execute("select 1 from widget where id = 8 for update");
      }
      ScanWork node = shop.node(BY_TEN);

      for (int i = 0; i < 12 && shop.keys().size() < 7; i++) {
        node.pass();
      }
      assertThat(shop.keys()).isEqualTo(numbers(1, 7));
      try (var update = other.createStatement()) {
        update.execute("update widget set name = 'theirs' where id = 8");
      }
      other.commit();
      rest(node);

      assertThat(shop.keys()).isEqualTo(numbers(1, 20));
      assertThat(shop.compacted().get("8")).containsEntry("name", "theirs");
    }
  }

  @Test
  void an_entity_that_cannot_be_published_stops_it_with_the_reason_or_is_passed_over(
      Postgres postgres) throws Exception {
    try (StoredShop shop = new StoredShop(Provider.HIBERNATE, postgres)) {
      for (int i = 1; i <= 20; i++) {
        shop.sql("insert into parcel (id, name) values (" + i + ", 'p" + i + "')");
      }
      shop.sql("update parcel set name = 'invalid' where id = 13");
      shop.republish(Parcel.class, null);

      rest(shop.node(BY_TEN));
      assertThat(shop.keys()).isEqualTo(numbers(1, 12));
      assertThat(Backfills.all(shop.table).get(0).problem().orElseThrow())
          .startsWith("Parcel 13 cannot be published to parcels: name is a java.lang.Thread");

      shop.sql("update drivetrain.entity_scan set next_at = clock_timestamp(), problem = null");
      rest(
          shop.node(
              Map.of(
                  "drivetrain.entity-sync.backfill.batch-size",
                  "10",
                  "drivetrain.entity-sync.backfill.on-invalid",
                  "skip")));
      assertThat(shop.keys()).hasSize(19).doesNotContain("13").endsWith("20");
      assertThat(Backfills.all(shop.table).get(0).finished()).isTrue();
    }
  }

  @Test
  void a_backfill_is_throttled_and_can_be_cancelled(Postgres postgres) throws Exception {
    try (StoredShop shop = new StoredShop(Provider.HIBERNATE, postgres)) {
      widgets(shop, 30);
      Backfills.begin(
          shop.table,
          shop.publisher,
          Widget.class,
          null,
          ScanSettings.of(
              StoredShop.settings(Map.of("drivetrain.entity-sync.backfill.rows-per-second", "1")),
              StoredShop.ENTITIES));
      ScanWork node = shop.node(BY_TEN);

      assertThat(node.pass()).isEqualTo(Pass.MOVED);
      assertThat(node.pass()).isEqualTo(Pass.WAITING);
      assertThat(
              shop.shop.rows(
                  "select next_at - moved_at >= interval '9 seconds' as apart"
                      + " from drivetrain.entity_scan"))
          .extracting("apart")
          .containsExactly(true);

      assertThat(Backfills.cancel(shop.table, Widget.class)).isTrue();
      assertThat(Backfills.cancel(shop.table, Widget.class)).isFalse();
      assertThat(node.pass()).isEqualTo(Pass.IDLE);
      assertThat(shop.keys()).hasSize(10);
      assertThat(Backfills.all(shop.table).get(0).problem()).contains("cancelled");
    }
  }

  private static void widgets(StoredShop shop, int rows) throws Exception {
    shop.shop.inTransaction(
        em -> {
          for (int i = 1; i <= rows; i++) {
            em.persist(new Widget(i, "w" + i, "1"));
          }
        });
    shop.forgetEvents();
  }

  private static Void restAndNothing(ScanWork node) throws Exception {
    rest(node);
    return null;
  }

  /** Until nothing is left to do, or it stands still. */
  private static void rest(ScanWork node) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Pass pass = node.pass();
    while (pass != Pass.IDLE && node.seen().stream().allMatch(row -> row.problem() == null)) {
      assertThat(System.nanoTime()).as("time is over").isLessThan(end);
      pass = node.pass();
    }
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
  }
}
