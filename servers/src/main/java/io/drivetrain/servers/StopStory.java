package io.drivetrain.servers;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A server that is told to stop finishes what is in flight and hands over the rest. */
@UseKafka(own = true)
@UsePostgres
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StopStory {
  private static final Duration BOUND = Duration.ofMinutes(2);

  private static final Logger LOG = System.getLogger(StopStory.class.getName());

  /** For the rest of the story, too, as the next three. */
  ShopServer server;

  Shop shop;
  Topic orders;
  Topic customers;

  private KafkaBroker broker;
  private Duration start;

  /** Prepares the server under test. */
  protected abstract ShopServer server(KafkaBroker broker, Postgres postgres, String database);

  @BeforeAll
  void start(KafkaBroker broker, Postgres postgres) {
    this.broker = broker;
    orders = broker.existingTopic("orders");
    customers = broker.existingTopic("customers");
    server = server(broker, postgres, postgres.createDatabase());
    long begin = System.nanoTime();
    server.start();
    eventually(BOUND, () -> server.shop().place("anna", "helmet", 1));
    eventually(BOUND, () -> assertThat(server.billed("anna")).isNotEmpty());
    start = since(begin);
  }

  /** Also prints what docs/servers.md shows. */
  @AfterAll
  void stop() {
    if (server.process().isAlive()) {
      printFigures();
    }
    server.close();
  }

  private void printFigures() {
    AppServer process = server.process();
    long resident = new Insides(process.pid()).residentMegabytes();
    long begin = System.nanoTime();
    process.tellToStop();
    process.awaitEnd(BOUND);
    Duration stop = since(begin);
    customers.send("nina", "{\"name\":\"Nina Nord\",\"city\":\"Narvik\"}");
    server.start();
    eventually(
        BOUND,
        () -> assertThat(server.rows("select 1 from customer where id = 'nina'")).hasSize(1));
    LOG.log(
        Level.INFO,
        "{0}, Java {1}: {2} ms from start to the first order billed, {3} MB resident, {4} ms to"
            + " stop, {5} ms from SIGTERM until the server that was started again has processed"
            + " the next record",
        process.name(),
        Runtime.version(),
        start.toMillis(),
        resident,
        stop.toMillis(),
        since(begin).toMillis());
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @BeforeEach
  void all_channels_run_and_nothing_is_held_up() {
    shop = server.shop();
    eventually(BOUND, this::ready);
    eventually(BOUND, server::everythingIsDone);
  }

  @Test
  void a_server_told_to_stop_finishes_what_is_in_flight_commits_and_hands_over() throws Exception {
    try (Connection connection = server.connection()) {
      connection.setAutoCommit(false);
      connection
          .createStatement()
          .execute("select 1 from stock where item = 'lamp' for no key update");
      shop.place("anna", "lamp", 2);
      eventually(() -> assertThat(waitingForALock()).as("deliveries in flight").hasSize(1));
      long reserved = server.count("reservation");

      server.process().tellToStop();

      // Channels without a delivery in flight have left; one waits.
      eventually(() -> assertThat(members("shop-billing")).isZero());
      assertThat(server.process().isAlive()).as("it waits for channel stock").isTrue();
      assertThat(server.count("reservation")).isEqualTo(reserved);
      connection.rollback();
    }

    assertThat(server.process().awaitEnd(BOUND)).as("it ends").isTrue();
    server.everythingIsDone();
    for (String group : List.of("shop-billing", "shop-stock", "shop-events")) {
      assertThat(processed(group)).as(group).isEqualTo(orders.ends());
    }
    assertThat(server.count("drivetrain.outbox")).as("events that wait").isZero();
    assertThat(server.rows("select 1 from drivetrain.outbox_shard where lease_until > now()"))
        .as("leases that another node would have to wait for")
        .isEmpty();

    server.start();
    eventually(BOUND, this::ready);
    assertThat(shop.state().getJsonArray("events")).as("delivered again").isEmpty();
  }

  private int members(String group) throws Exception {
    return broker
        .admin()
        .describeConsumerGroups(List.of(group))
        .describedGroups()
        .get(group)
        .get()
        .members()
        .size();
  }

  private void ready() {
    assertThat(shop.health("ready").status()).isEqualTo(200);
  }

  private List<Map<String, Object>> waitingForALock() {
    return server.rows(
        "select pid from pg_stat_activity"
            + " where datname = current_database() and wait_event_type = 'Lock'");
  }

  /** What a group has committed, with 0 for a partition in which there was nothing to do. */
  private Map<Integer, Long> processed(String group) {
    Map<Integer, Long> processed = orders.committed(group);
    orders.ends().keySet().forEach(partition -> processed.putIfAbsent(partition, 0L));
    return processed;
  }
}
