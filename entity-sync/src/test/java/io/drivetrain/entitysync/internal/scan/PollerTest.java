package io.drivetrain.entitysync.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.entitysync.internal.scan.ScanWork.Pass;
import io.drivetrain.entitysync.jpa.Provider;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that other programs write are published by what they leave in them. */
@UsePostgres
class PollerTest {

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"HIBERNATE", "ECLIPSELINK"})
  void what_changed_later_than_the_position_is_published_and_the_rest_is_not(
      Provider provider, Postgres postgres) throws Exception {
    try (StoredShop shop = new StoredShop(provider, postgres)) {
      // Many of one moment, so that a step ends among them.
      insert(shop, 1, 25, "now() - interval '1 hour'");
      insert(shop, 26, 30, "now() - interval '1 minute'");
      insert(shop, 40, 40, "now() + interval '1 hour'");
      insert(shop, 41, 41, "null");
      ScanWork node = shop.node(byTime("lag", "10s"));

      round(node);
      assertThat(shop.keys()).isEqualTo(numbers(1, 30));

      shop.forgetEvents();
      shop.sql(
          "update parcel set name = 'new', changed = now() - interval '30 seconds' where id = 7");
      shop.sql("update parcel set name = 'too new', changed = now() where id = 8");
      round(shop.node(byTime("lag", "10s")));
      assertThat(shop.keys()).as("before a round is due").isEmpty();
      due(shop);
      round(shop.node(byTime("lag", "10s")));
      assertThat(shop.keys()).containsExactly("7");
      assertThat(shop.compacted().get("7")).containsEntry("name", "new");
    }
  }

  /** What an earlier program's transaction commits within the lag is not passed over. */
  @Test
  void a_transaction_that_commits_within_the_lag_is_not_missed(Postgres postgres) throws Exception {
    try (StoredShop shop = new StoredShop(Provider.HIBERNATE, postgres);
        var slow = postgres.dataSource(shop.shop.database()).getConnection()) {
      slow.setAutoCommit(false);
      try (var statement = slow.createStatement()) {
        statement.execute("insert into parcel (id, name, changed) values (1, 'slow', now())");
      }
      insert(shop, 2, 2, "clock_timestamp()");
      ScanWork node = shop.node(byTime("lag", "1h"));
      round(node);
      assertThat(shop.keys()).isEmpty();

      slow.commit();
      shop.sql("update parcel set changed = changed - interval '1 hour'");
      due(shop);
      round(node);
      assertThat(shop.keys()).containsExactly("1", "2");
    }
  }

  @Test
  void it_begins_now_or_reads_the_whole_table_each_time_if_told_so(Postgres postgres)
      throws Exception {
    try (StoredShop shop = new StoredShop(Provider.HIBERNATE, postgres)) {
      insert(shop, 1, 5, "now() - interval '1 hour'");
      Map<String, String> fromNow = byTime("from", "now");
      fromNow.put("drivetrain.entity-sync.pollers.p.lag", "0s");
      round(shop.node(fromNow));
      assertThat(shop.keys()).isEmpty();
      shop.sql("update parcel set changed = clock_timestamp() where id = 3");
      due(shop);
      round(shop.node(fromNow));
      assertThat(shop.keys()).containsExactly("3");

      shop.forgetEvents();
      shop.sql("delete from drivetrain.entity_scan");
      Map<String, String> whole = byTime("full-table", "true");
      round(shop.node(whole));
      due(shop);
      round(shop.node(whole));
      assertThat(shop.keys()).containsExactly("1", "2", "4", "5", "1", "2", "4", "5");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"HIBERNATE", "ECLIPSELINK"})
  void what_is_in_a_state_is_published_and_put_into_the_next(Provider provider, Postgres postgres)
      throws Exception {
    try (StoredShop shop = new StoredShop(provider, postgres)) {
      insert(shop, 1, 25, "null");
      shop.sql("update parcel set state = 'NEW' where id <> 3");
      shop.sql("update parcel set name = 'invalid' where id = 12");
      ScanWork node =
          shop.node(
              byState(Map.of("failed", "BROKEN", "on-invalid", "skip", "published-at", "told")));

      round(node);

      assertThat(shop.keys()).hasSize(23).doesNotHaveDuplicates().doesNotContain("3", "12");
      assertThat(shop.compacted().get("5")).containsEntry("state", "SENT");
      assertThat(shop.shop.rows("select id from parcel where state = 'SENT' and told is not null"))
          .hasSize(23);
      assertThat(shop.shop.rows("select id from parcel where state = 'BROKEN'"))
          .extracting("id")
          .containsExactly(12L);
    }
  }

  @Test
  void a_row_that_cannot_be_published_stops_a_poller_until_it_is_mended(Postgres postgres)
      throws Exception {
    try (StoredShop shop = new StoredShop(Provider.HIBERNATE, postgres)) {
      insert(shop, 1, 5, "now() - interval '1 hour'");
      shop.sql("update parcel set name = 'invalid' where id = 3");
      ScanWork node = shop.node(byTime("lag", "1s"));
      round(node);
      assertThat(shop.keys()).containsExactly("1", "2");
      node.pass();
      assertThat(node.seen().get(0).problem()).contains("Parcel 3 cannot be published");

      shop.sql("update parcel set name = 'mended' where id = 3");
      due(shop);
      round(node);
      assertThat(shop.keys()).containsExactly("1", "2", "3", "4", "5");
      node.pass();
      assertThat(node.seen().get(0).problem()).isNull();
    }
  }

  @Test
  void several_nodes_publish_each_row_once(Postgres postgres) throws Exception {
    try (StoredShop shop = new StoredShop(Provider.HIBERNATE, postgres)) {
      insert(shop, 1, 300, "now() - interval '1 hour'");
      ExecutorService threads = Executors.newFixedThreadPool(3);
      try {
        List<Future<?>> nodes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          ScanWork node = shop.node(byTime("lag", "1s"));
          nodes.add(
              threads.submit(
                  (Callable<Void>)
                      () -> {
                        round(node);
                        return null;
                      }));
        }
        for (Future<?> node : nodes) {
          node.get(60, TimeUnit.SECONDS);
        }
      } finally {
        threads.shutdownNow();
      }
      // A node that only met the others' lock ended early.
      round(shop.node(byTime("lag", "1s")));

      assertThat(shop.keys()).isEqualTo(numbers(1, 300));
    }
  }

  private static void insert(StoredShop shop, int from, int to, String changed) {
    for (int i = from; i <= to; i++) {
      shop.sql(
          "insert into parcel (id, name, changed) values ("
              + i
              + ", 'p"
              + i
              + "', "
              + changed
              + ")");
    }
  }

  private static Map<String, String> byTime(String name, String value) {
    Map<String, String> settings = poller();
    settings.put("drivetrain.entity-sync.pollers.p.timestamp", "changed");
    settings.put("drivetrain.entity-sync.pollers.p." + name, value);
    return settings;
  }

  private static Map<String, String> byState(Map<String, String> more) {
    Map<String, String> settings = poller();
    settings.put("drivetrain.entity-sync.pollers.p.state", "state");
    settings.put("drivetrain.entity-sync.pollers.p.pending", "NEW");
    settings.put("drivetrain.entity-sync.pollers.p.published", "SENT");
    more.forEach((name, value) -> settings.put("drivetrain.entity-sync.pollers.p." + name, value));
    return settings;
  }

  private static Map<String, String> poller() {
    Map<String, String> settings = new HashMap<>();
    settings.put("drivetrain.entity-sync.pollers.p.entity", "Parcel");
    settings.put("drivetrain.entity-sync.pollers.p.batch-size", "10");
    settings.put("drivetrain.entity-sync.pollers.p.every", "1h");
    return settings;
  }

  /** The next round begins now. */
  private static void due(StoredShop shop) {
    shop.sql("update drivetrain.entity_scan set next_at = clock_timestamp()");
  }

  /** Until it rests. */
  private static void round(ScanWork node) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (node.pass() == Pass.MOVED) {
      assertThat(System.nanoTime()).as("time is over").isLessThan(end);
    }
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
  }
}
