package io.drivetrain.servers;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * The shop's story on a server with a real broker and a real database; its end is the one of {@link
 * StopStory}, on the same server.
 */
public abstract class ShopStory extends StopStory {
  private static final List<String> CUSTOMERS =
      List.of("anna", "bob", "carol", "david", "elena", "gil");

  @Test
  void an_order_becomes_an_event_a_reservation_and_a_bill() {
    int reserved = reserved("lamp");

    long order = shop.place("anna", "lamp", 2);

    eventually(() -> assertThat(server.billed("anna")).contains(order));
    eventually(() -> assertThat(reserved("lamp")).isEqualTo(reserved + 2));
    List<ConsumerRecord<String, String>> events = events(order);
    assertThat(events).hasSize(1);
    assertThat(events.get(0).key()).isEqualTo("anna");
    assertThat(events.get(0).value()).contains("\"item\":\"lamp\"", "\"quantity\":2");
    eventually(() -> assertThat(shop.state().getJsonObject("outbox").getInt("depth")).isZero());
    eventually(
        () ->
            assertThat(shop.state().getJsonArray("events").toString())
                .contains("\\\"id\\\":" + order));
  }

  @Test
  void orders_are_taken_at_the_public_path_and_under_api() {
    assertThat(shop.post("orders", Shop.order("bob", "lock", 1)).statusCode()).isEqualTo(201);
    assertThat(shop.post("api/orders", Shop.order("bob", "lock", 1)).statusCode()).isEqualTo(201);
  }

  @Test
  void a_refused_order_says_why_and_leaves_neither_row_nor_event() {
    long stored = server.count("shop_order");
    Map<Integer, Long> ends = orders.ends();

    HttpResponse<String> unknown = shop.post("orders", Shop.order("anna", "tank", 1));
    HttpResponse<String> tooMany = shop.post("orders", Shop.order("anna", "lamp", 101));

    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(unknown.body()).contains("the shop does not sell 'tank'");
    assertThat(tooMany.statusCode()).isEqualTo(400);
    assertThat(tooMany.body()).contains("quantity is 101; expected 1 to 100");
    long next = shop.place("anna", "lamp", 1);
    eventually(() -> assertThat(server.billed("anna")).contains(next));
    assertThat(server.count("shop_order")).isEqualTo(stored + 1);
    assertThat(sum(orders.ends())).isEqualTo(sum(ends) + 1);
  }

  @Test
  void the_table_of_customers_follows_the_compacted_topic() {
    eventually(() -> assertThat(customerIds()).containsAll(CUSTOMERS));

    shop.putCustomer("hugo", "Hugo Holm", "Hamar");
    eventually(() -> assertThat(city("hugo")).containsExactly("Hamar"));
    shop.putCustomer("hugo", "Hugo Holm", "Oslo");
    eventually(() -> assertThat(city("hugo")).containsExactly("Oslo"));
    shop.deleteCustomer("hugo");
    eventually(() -> assertThat(city("hugo")).isEmpty());

    assertThat(customers.records().stream().filter(r -> r.key().equals("hugo")))
        .hasSize(3)
        .last()
        .satisfies(record -> assertThat(record.value()).isNull());
  }

  @Test
  void a_failing_customer_stops_one_partition_only_and_heals_in_order() {
    shop.breakBilling("carol");
    List<Long> held = new ArrayList<>();
    Set<Long> others = new HashSet<>();
    for (int round = 0; round < 5; round++) {
      for (String customer : CUSTOMERS) {
        long order = shop.place(customer, "helmet", 1);
        if (customer.equals("carol")) {
          held.add(order);
        } else {
          others.add(order);
        }
      }
    }

    eventually(() -> assertThat(allBilled()).containsAll(others));
    assertThat(allBilled()).doesNotContainAnyElementsOf(held);
    Set<Integer> attempts = new TreeSet<>();
    eventually(
        () -> {
          List<JsonObject> paused = shop.paused("billing");
          assertThat(paused).hasSize(1);
          JsonObject pause = paused.get(0).getJsonObject("pause");
          assertThat(pause.getString("failure")).contains("billing is broken for customer carol");
          assertThat(pause.getString("resumeAt")).isNotEmpty();
          attempts.add(pause.getInt("attempt"));
          assertThat(attempts).hasSizeGreaterThanOrEqualTo(3);
        });
    assertThat(server.billed("carol")).doesNotContainAnyElementsOf(held);
    assertThat(shop.health("ready").status()).as("a paused partition is no outage").isEqualTo(200);

    shop.healBilling("carol");

    eventually(() -> assertThat(server.billed("carol")).containsAll(held));
    assertThat(server.billed("carol")).filteredOn(held::contains).isEqualTo(held);
    eventually(() -> assertThat(shop.paused("billing")).isEmpty());
    server.everythingIsDone();
  }

  @Test
  void a_restart_loses_and_repeats_nothing() {
    shop.breakBilling("david");
    List<Long> held = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      for (String customer : CUSTOMERS) {
        long order = shop.place(customer, "lock", 1);
        if (customer.equals("david")) {
          held.add(order);
        }
      }
    }
    eventually(() -> assertThat(shop.paused("billing")).hasSize(1));

    server.process().stop();
    long sent = sum(orders.ends());
    server.start();

    // The switch that broke billing is kept in memory: after the restart all can be billed.
    eventually(server::everythingIsDone);
    assertThat(server.billed("david")).filteredOn(held::contains).isEqualTo(held);
    assertThat(sum(orders.ends())).as("events, none sent twice").isEqualTo(sent);
    assertThat(sent).isEqualTo(server.count("shop_order"));
  }

  @Test
  void a_crash_loses_nothing_and_bills_nothing_twice() {
    for (int round = 0; round < 10; round++) {
      for (String customer : CUSTOMERS) {
        shop.place(customer, "lamp", 1);
      }
    }

    server.process().kill();
    server.start();

    // The group keeps the partitions of a crashed member until its session.timeout.ms, and the
    // outbox its shard until the lease ends.
    eventually(Duration.ofMinutes(2), server::everythingIsDone);
  }

  @Test
  void health_shows_channels_outbox_and_migrations() {
    Shop.Health ready = shop.health("ready");
    assertThat(ready.check("drivetrain-channels")).isPresent();
    assertThat(ready.check("drivetrain-outbox")).isPresent();
    assertThat(ready.check("drivetrain-migrations")).isPresent();
    assertThat(shop.health("started").status()).isEqualTo(200);
    assertThat(shop.health("live").status()).isEqualTo(200);
  }

  private int reserved(String item) {
    return (Integer)
        server.rows("select reserved from stock where item = ?", item).get(0).get("reserved");
  }

  private List<Object> city(String customer) {
    return server.rows("select city from customer where id = ?", customer).stream()
        .map(row -> row.get("city"))
        .toList();
  }

  private List<Object> customerIds() {
    return server.rows("select id from customer").stream().map(row -> row.get("id")).toList();
  }

  private Set<Object> allBilled() {
    Set<Object> billed = new HashSet<>();
    server.rows("select order_id from bill").forEach(row -> billed.add(row.get("order_id")));
    return billed;
  }

  private List<ConsumerRecord<String, String>> events(long order) {
    return orders.records().stream()
        .filter(record -> record.value().contains("\"id\":" + order + ","))
        .toList();
  }

  private static long sum(Map<Integer, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }
}
