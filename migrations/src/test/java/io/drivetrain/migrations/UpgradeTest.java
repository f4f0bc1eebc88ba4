package io.drivetrain.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * From each released schema to this one, with rows in it and nodes of the older build that still
 * run.
 */
@UsePostgres
class UpgradeTest {
  private final Postgres postgres;
  private String database;

  UpgradeTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @BeforeEach
  void createFirstVersion() {
    database = postgres.createDatabase();
    migrateTo("1");
  }

  private void migrateTo(String version) {
    Flyway.configure()
        .dataSource(postgres.dataSource(database))
        .locations("classpath:" + Migrations.LOCATION)
        .schemas("drivetrain")
        .defaultSchema("drivetrain")
        .table("flyway_schema_history")
        .placeholders(Map.of("schema", "drivetrain"))
        .target(version)
        .load()
        .migrate();
  }

  @Test
  void rows_and_leases_are_kept() {
    publish();
    postgres.execute(
        database,
        "insert into drivetrain.outbox_dead (id, reason, created_at, bucket, topic) values"
            + " (7, 1, now(), 3, 't')");
    firstBuildStarts("old");
    List<Map<String, Object>> rows = events();
    List<Map<String, Object>> dead = all("outbox_dead");

    assertThat(new Migrations(postgres.dataSource(database), "drivetrain").migrate()).isEqualTo(6);

    assertThat(events()).usingRecursiveComparison().isEqualTo(rows);
    assertThat(all("outbox").get(0)).as("never parked").containsEntry("attempts", null);
    assertThat(all("outbox_dead")).isEqualTo(dead);
    assertThat(all("outbox_shard").get(0))
        .containsEntry("shard", 0)
        .containsEntry("owner", "old")
        .containsEntry("epoch", 1L)
        .containsEntry("shards", 1);
    assertThat(all("outbox_node").get(0)).containsEntry("node", "old").containsEntry("shards", 1);
  }

  @Test
  void a_schema_that_was_never_drained_has_its_one_shard() {
    new Migrations(postgres.dataSource(database), "drivetrain").migrate();

    assertThat(all("outbox_shard")).hasSize(1);
    assertThat(all("outbox_shard").get(0)).containsEntry("shard", 0).containsEntry("owner", null);
  }

  @Test
  void nodes_of_the_first_build_go_on_beside_those_of_this_one() {
    firstBuildStarts("old");

    new Migrations(postgres.dataSource(database), "drivetrain").migrate();

    firstBuildStarts("old");
    assertThat(
            postgres.execute(
                database,
                "update drivetrain.outbox_shard s set lease_until = clock_timestamp() + 10000 *"
                    + " interval '1 millisecond' from unnest(array[0]::smallint[],"
                    + " array[1]::bigint[]) as mine(shard, epoch) where s.shard = mine.shard and"
                    + " s.epoch = mine.epoch and s.owner = 'old'"))
        .as("its lease is renewed")
        .isEqualTo(1);
    assertThat(
            postgres.execute(
                database,
                "update drivetrain.outbox_shard s set lease_until = '-infinity' from"
                    + " unnest(array[0]::smallint[], array[1]::bigint[]) as mine(shard, epoch)"
                    + " where s.shard = mine.shard and s.epoch = mine.epoch and s.owner = 'old'"))
        .as("and given back")
        .isEqualTo(1);
    publish();
    assertThat(all("outbox")).hasSize(1);
    assertThat(olderBuildParks()).isEqualTo(1);
  }

  @Test
  void nodes_of_the_second_build_go_on_beside_those_of_this_one() {
    migrateTo("2");
    publish();
    postgres.execute(
        database,
        "update drivetrain.outbox_shard set owner = 'old', epoch = 1, shards = 1, lease_until ="
            + " clock_timestamp() + interval '1 minute'");
    List<Map<String, Object>> leases = all("outbox_shard");

    assertThat(new Migrations(postgres.dataSource(database), "drivetrain").migrate()).isEqualTo(5);

    assertThat(all("outbox_shard")).isEqualTo(leases);
    publish();
    assertThat(olderBuildParks()).isEqualTo(2);
    assertThat(all("outbox_dead").get(0)).containsEntry("attempts", 1);
  }

  /** The statement by which nodes of the first and second build park rows. */
  private int olderBuildParks() {
    return postgres.execute(
        database,
        "with gone as (delete from drivetrain.outbox where id = any(array[1, 2]) returning id,"
            + " created_at, bucket, kpartition, ktimestamp, topic, key, payload, headers) insert"
            + " into drivetrain.outbox_dead (id, reason, error, attempts, created_at, bucket,"
            + " kpartition, ktimestamp, topic, key, payload, headers) select id, why.reason,"
            + " why.error, 1, created_at, bucket, kpartition, ktimestamp, topic, key, payload,"
            + " headers from gone join unnest(array[1, 2]::bigint[], array[1, 1]::smallint[],"
            + " array['e', 'e']::text[]) as why(id, reason, error) using (id)");
  }

  private List<Map<String, Object>> events() {
    return postgres.rows(
        database,
        "select id, created_at, bucket, kpartition, ktimestamp, topic, key, payload, headers from"
            + " drivetrain.outbox order by id");
  }

  /** The statements of a node of the first build when it starts. */
  private void firstBuildStarts(String node) {
    postgres.execute(
        database,
        "insert into drivetrain.outbox_shard (shard) select generate_series(0, 1 - 1) on conflict"
            + " do nothing");
    postgres.execute(
        database,
        "insert into drivetrain.outbox_node (node, seen_at) values (?, clock_timestamp()) on"
            + " conflict (node) do update set seen_at = excluded.seen_at",
        node);
    postgres.execute(
        database,
        "update drivetrain.outbox_shard set owner = ?, epoch = epoch + 1, lease_until ="
            + " clock_timestamp() + interval '1 minute' where shard in (select shard from"
            + " drivetrain.outbox_shard where lease_until < clock_timestamp() and shard < 1 order"
            + " by shard limit 1 for update skip locked)",
        node);
  }

  /** As a node of the first build writes an event. */
  private void publish() {
    postgres.execute(
        database,
        "insert into drivetrain.outbox (bucket, kpartition, ktimestamp, topic, key, payload,"
            + " headers) select bucket, kpartition, ktimestamp, topic, key, payload, headers from"
            + " unnest(array[5]::smallint[], array[null]::int[], array[null]::bigint[],"
            + " array['t']::text[], array['k']::bytea[], array['v']::bytea[],"
            + " array[null]::bytea[]) with ordinality as event(bucket, kpartition, ktimestamp,"
            + " topic, key, payload, headers, ord) where pg_current_xact_id() is not null order by"
            + " ord");
  }

  private List<Map<String, Object>> all(String table) {
    return postgres.rows(database, "select * from drivetrain." + table);
  }
}
