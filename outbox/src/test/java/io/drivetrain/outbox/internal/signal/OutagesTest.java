package io.drivetrain.outbox.internal.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.LogLines;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is away, for whom, and what is said of it. */
class OutagesTest {
  private final Outages outages = new Outages();

  @Test
  void an_outage_lasts_until_each_who_has_met_it_says_it_is_over_and_is_told_once() {
    try (LogLines log = LogLines.of("io.drivetrain.outbox")) {
      outages.begin("the database", "shard 0", "the database is full");
      outages.begin("the database", "shard 0", "the database is full");
      outages.begin("the database", "the database is away");
      assertThat(outages.problem()).contains("the database is full; the database is away");

      outages.end("the database");

      assertThat(outages.lasts("the database")).isTrue();
      assertThat(outages.problem()).contains("the database is full");

      outages.end("the database", "shard 0");

      assertThat(outages.problem()).isEmpty();
      assertThat(log.lines().stream().filter(line -> line.contains("rows wait"))).hasSize(1);
      assertThat(log.lines().stream().filter(line -> line.contains("usable again"))).hasSize(1);
    }
  }

  @Test
  void what_several_have_met_is_named_once() {
    outages.begin("the database", "shard 0", "the database is away");
    outages.begin("the database", "shard 1", "the database is away");

    assertThat(outages.problem()).contains("the database is away");
  }

  @Test
  void one_who_has_not_met_it_does_not_end_it() {
    outages.begin("the database", "shard 0", "the database is full");

    outages.end("the database", "shard 1");

    assertThat(outages.lasts("the database")).isTrue();
  }

  @Test
  void where_nobody_drains_only_what_is_named_still_matters() {
    outages.begin("Kafka", "Kafka is away");
    outages.begin("the database", "the database is away");

    outages.keepOnly(Set.of("the database"));

    assertThat(outages.problem()).contains("the database is away");
  }
}
