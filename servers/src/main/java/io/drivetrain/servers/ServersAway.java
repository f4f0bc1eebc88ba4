package io.drivetrain.servers;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A broker or a database that is away when the server starts is an outage, not an error. */
@UseKafka(own = true)
@UsePostgres(own = true)
public abstract class ServersAway {
  private static final Duration HEALING = Duration.ofSeconds(90);

  private ShopServer server;

  /** Prepares the server under test. */
  protected abstract ShopServer server(KafkaBroker broker, Postgres postgres, String database);

  /**
   * Lines of the server's log with a warning or an error of ours; group 1 is the class, group 2 the
   * words.
   */
  protected abstract Pattern complaint();

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void without_its_broker_the_server_starts_says_why_and_heals_and_later_outages_lose_nothing(
      KafkaBroker broker, Postgres postgres) {
    broker.stop();
    server = server(broker, postgres, postgres.createDatabase());
    server.start();

    eventually(() -> assertThat(ready().toString()).contains("503", broker.bootstrapServers()));
    assertThat(server.shop().health("live").status()).isEqualTo(200);
    // The database is there, so orders are taken; their events wait in the outbox.
    eventually(() -> server.shop().place("anna", "lamp", 1));
    assertThat(server.count("drivetrain.outbox")).isEqualTo(1);
    oneComplaintOfEachAndNoStacks();

    broker.start();

    eventually(HEALING, () -> assertThat(ready().status()).isEqualTo(200));
    eventually(HEALING, () -> assertThat(server.billed("anna")).hasSize(1));
    assertThat(server.count("drivetrain.outbox")).isZero();
    oneComplaintOfEachAndNoStacks();

    // Once more, in the middle of its life and together with the database.
    List<Long> billed = server.billed("anna");
    broker.kill();
    long during = server.shop().place("anna", "lamp", 1);
    postgres.restart();
    broker.start();

    eventually(
        HEALING, () -> assertThat(server.billed("anna")).containsExactly(billed.get(0), during));
    long after = placedEventually();
    eventually(
        HEALING,
        () -> assertThat(server.billed("anna")).containsExactly(billed.get(0), during, after));
  }

  @Test
  void without_its_database_the_server_starts_says_why_it_is_not_ready_and_heals(
      KafkaBroker broker, Postgres postgres) {
    String database = postgres.createDatabase();
    postgres.stop();
    server = server(broker, postgres, database);
    server.start();

    eventually(
        () -> assertThat(ready().toString()).contains("503", "The database cannot be reached"));
    assertThat(server.shop().health("live").status()).isEqualTo(200);
    assertThat(server.shop().state().getString("problem")).contains("Connection refused");
    HttpResponse<String> refused = server.shop().post("orders", Shop.order("anna", "lamp", 1));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("try again soon");
    oneComplaintOfEachAndNoStacks();

    postgres.start();

    eventually(HEALING, () -> assertThat(ready().status()).isEqualTo(200));
    long order = server.shop().place("anna", "lamp", 1);
    eventually(HEALING, () -> assertThat(server.billed("anna")).containsExactly(order));
    oneComplaintOfEachAndNoStacks();
  }

  /** The first request after the database was away may still meet a connection that is dead. */
  private long placedEventually() {
    long[] order = new long[1];
    eventually(() -> order[0] = server.shop().place("anna", "lamp", 1));
    return order[0];
  }

  private Shop.Health ready() {
    return server.shop().health("ready");
  }

  private void oneComplaintOfEachAndNoStacks() {
    String log = server.process().messages();
    Map<String, List<String>> complaints =
        log.lines()
            .map(complaint()::matcher)
            .filter(Matcher::find)
            .collect(
                Collectors.groupingBy(
                    match -> match.group(2),
                    Collectors.mapping(Matcher::group, Collectors.toList())));
    assertThat(complaints).allSatisfy((text, lines) -> assertThat(lines).hasSize(1));
    assertThat(complaints).as("complaints in all").hasSizeBetween(1, 5);
    assertThat(log).doesNotContainPattern("\\n\\s+at io\\.drivetrain");
  }
}
