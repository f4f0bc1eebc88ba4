package io.drivetrain.servers;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The shop is undeployed and deployed again, time after time, while customers order. The system
 * property {@code drivetrain.redeploys} says how often.
 */
@UseKafka(own = true)
@UsePostgres
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RedeployStory {
  private static final int REDEPLOYS = Integer.getInteger("drivetrain.redeploys", 2);
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final int ORDERS_BETWEEN = 40;
  private static final List<String> CUSTOMERS =
      List.of("anna", "bob", "carol", "david", "elena", "gil");

  /**
   * The JDK's code for the equals of records remembers the type it converted to last, and so the
   * loader of that type ({@code java.lang.runtime.ObjectMethods.OBJECT_EQ}).
   */
  private static final int KEPT_BY_THE_JDK = 1;

  /** Only the shop has it. */
  private static final String CLASS_OF_THE_SHOP = "io.drivetrain.sample.web.ShopApi";

  private Topic orders;
  private int brokerPort;
  private ShopServer server;
  private Insides insides;

  /** Prepares the server under test. */
  protected abstract ShopServer server(KafkaBroker broker, Postgres postgres, String database);

  /** How many class loaders of the shop the server itself keeps, after however many deployments. */
  protected abstract int keptByTheServer();

  @BeforeAll
  void start(KafkaBroker broker, Postgres postgres) {
    orders = broker.existingTopic("orders");
    brokerPort = Integer.parseInt(broker.bootstrapServers().replaceFirst(".*:", ""));
    server = server(broker, postgres, postgres.createDatabase());
    server.process().watchDeployments();
    server.start();
    insides = new Insides(server.process().pid());
    eventually(BOUND, this::ready);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void redeploying_under_load_loses_repeats_and_leaves_nothing() {
    try (Customers customers = new Customers(server.shop(), CUSTOMERS)) {
      customers.awaitOrders(ORDERS_BETWEEN, BOUND);
      for (int round = 0; round < REDEPLOYS; round++) {
        server.process().undeploy(BOUND);
        noThreadsAndNoConnections();
        server.process().deploy(BOUND);
        eventually(BOUND, this::ready);
        customers.awaitOrders(ORDERS_BETWEEN, BOUND);
      }
      customers.stop();
      eventually(BOUND, server::everythingIsDone);
      assertThat(server.rows("select id from shop_order"))
          .as("orders that were accepted")
          .extracting(row -> row.get("id"))
          .containsAll(customers.accepted());
    }
    for (String customer : CUSTOMERS) {
      assertThat(server.billed(customer)).as("bills of " + customer).isSorted();
    }
    assertThat(orders.ends().values().stream().mapToLong(Long::longValue).sum())
        .as("events, none sent twice")
        .isEqualTo(server.count("shop_order"));

    server.process().undeploy(BOUND);

    noThreadsAndNoConnections();
    nothingOfOursKeepsClasses();
    server.process().closeIdleConnections();
    eventually(BOUND, () -> assertThat(connections()).as("connections in use").isEmpty());
  }

  private void noThreadsAndNoConnections() {
    assertThat(insides.threads("drivetrain-", "kafka-")).as("threads").isEmpty();
    assertThat(insides.connectionsTo(brokerPort)).as("connections to the broker").isZero();
  }

  /** If not, a dump of the heap is left beside the server's logs. */
  private void nothingOfOursKeepsClasses() {
    try {
      eventually(
          () ->
              assertThat(insides.loadersOf(CLASS_OF_THE_SHOP))
                  .as("class loaders of the shop")
                  .isLessThanOrEqualTo(KEPT_BY_THE_JDK + keptByTheServer()));
    } catch (AssertionError kept) {
      insides.dumpHeap(server.process().log().resolveSibling("kept.hprof"));
      throw kept;
    }
  }

  private List<Object> connections() {
    return server
        .rows(
            "select query from pg_stat_activity"
                + " where datname = current_database() and pid <> pg_backend_pid()")
        .stream()
        .map(row -> row.get("query"))
        .toList();
  }

  private void ready() {
    assertThat(server.shop().health("ready").status()).isEqualTo(200);
  }
}
