package io.drivetrain.entitysync.jpa;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.SystemicFailure;
import io.drivetrain.entitysync.EntityBatch;
import io.drivetrain.entitysync.VersionGuard;
import io.drivetrain.entitysync.WriteMode;
import io.drivetrain.entitysync.shop.Author;
import io.drivetrain.entitysync.shop.Shelving;
import io.drivetrain.entitysync.shop.Tag;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Keys, guards, slices and hooks of entity consumers, for every provider and way to write. */
abstract class HooksTest extends ConsumerTests {
  HooksTest(Provider provider, WriteMode mode) {
    super(provider, mode);
  }

  @Test
  void an_entity_is_found_by_an_attribute_that_is_not_its_id() {
    Contacts contacts = new Contacts();

    consume(contacts, record("a@x", "{'name':'a','active':true}"), record("b@x", "{'name':'b'}"));
    consume(contacts, record("a@x", "{'visits':9}"), record("b@x", null), record("c@x", null));

    assertThat(contacts()).containsExactly("a@x a 9 true");
  }

  @Test
  void a_new_row_has_what_a_new_entity_has_and_an_old_one_what_it_had() {
    Contacts contacts = new Contacts();

    consume(contacts, record("a@x", "{'name':'a','origin':'here'}"));
    assertThat(contacts()).containsExactly("a@x a 7 null");

    consume(contacts, record("a@x", "{'active':false,'origin':'there'}"), record("b@x", "{}"));
    assertThat(contacts()).containsExactly("a@x a 7 false", "b@x null 7 null");
    assertThat(shop.rows("select origin from contact where email = 'a@x'").get(0))
        .containsEntry("origin", "here");
  }

  @Test
  void a_compound_key_is_an_object() {
    Shelves shelves = new Shelves();

    consume(
        shelves,
        record("{'store':'s','shelf':1}", "{'amount':1,'counted':'2026-01-01T00:00:00Z'}"),
        record("{'store':'s','shelf':2}", "{'amount':2}"),
        record("{'shelf':2,'store':'s'}", "{'amount':3}"));
    consume(shelves, record("{'store':'s','shelf':1}", null));

    assertThat(shop.rows("select store, shelf, amount from shelving order by shelf"))
        .extracting(row -> row.get("store") + " " + row.get("shelf") + " " + row.get("amount"))
        .containsExactly("s 2 3");
    assertThatThrownBy(() -> consume(shelves, record("text", "{}")))
        .isInstanceOf(BatchFailure.class)
        .hasMessageContaining("no JSON object with store, shelf");
    assertThatThrownBy(() -> consume(shelves, record("{'store':'s'}", "{}")))
        .hasMessageContaining("the key as shelf: null does not fit int");
  }

  @Test
  void an_older_record_never_overwrites_a_newer_one() {
    Contacts contacts = new GuardedContacts();

    consume(contacts, at(5, "a@x", "{'name':'five'}"), at(3, "a@x", "{'name':'three'}"));
    consume(contacts, at(4, "a@x", "{'name':'four'}"));
    consume(contacts, at(4, "a@x", null));
    assertThat(contacts()).containsExactly("a@x five 7 null");

    consume(contacts, at(6, "a@x", "{'name':'six'}"));
    assertThat(contacts()).containsExactly("a@x six 7 null");
  }

  @Test
  void what_was_removed_is_not_brought_back_by_an_older_record() {
    Contacts contacts = new GuardedContacts();

    consume(contacts, at(1, "a@x", "{'name':'one'}"));
    consume(contacts, at(5, "a@x", null), at(5, "b@x", null));
    consume(contacts, at(4, "a@x", "{'name':'four'}"), at(4, "b@x", "{'name':'four'}"));
    assertThat(contacts()).isEmpty();

    consume(contacts, at(6, "a@x", "{'name':'six'}"), at(5, "b@x", "{'name':'five'}"));
    assertThat(contacts()).containsExactly("a@x six 7 null");
  }

  @Test
  void a_record_without_the_version_of_its_guard_fails() {
    assertThatThrownBy(() -> consume(new GuardedContacts(), record("a@x", "{'name':'a'}")))
        .isInstanceOf(BatchFailure.class)
        .hasMessageContaining("no version; expected a header drivetrain-id");
  }

  @Test
  void a_version_in_the_payload_guards_as_well() {
    Shelves shelves =
        new Shelves() {
          @Override
          protected VersionGuard guard() {
            return VersionGuard.attribute("version");
          }
        };
    String key = "{'store':'s','shelf':1}";

    consume(shelves, record(key, "{'amount':5,'version':5}"));
    consume(shelves, record(key, "{'amount':4,'version':4}"));
    assertThat(shop.rows("select amount from shelving")).extracting("amount").containsExactly(5);

    consume(shelves, record(key, null));
    assertThat(shop.rows("select amount from shelving")).isEmpty();
  }

  @Test
  void without_compaction_each_record_of_a_key_is_applied_in_order() {
    Contacts contacts =
        new Contacts() {
          @Override
          protected boolean compacts() {
            return false;
          }
        };

    consume(
        contacts,
        record("c@x", "{'name':'c'}"),
        record("a@x", "{'name':'a1'}"),
        record("b@x", "{'name':'b'}"),
        record("a@x", "{'visits':2}"),
        record("c@x", null),
        record("c@x", "{'visits':3}"));

    assertThat(contacts()).containsExactly("a@x a1 2 null", "b@x b 7 null", "c@x null 3 null");
  }

  @Test
  void a_row_that_takes_what_another_one_frees() {
    Shelves shelves = new Shelves();
    postgres.execute(shop.database, "alter table shelving add constraint once unique (amount)");
    consume(
        shelves,
        record("{'store':'s','shelf':1}", "{'amount':1}"),
        record("{'store':'s','shelf':2}", "{'amount':2}"));

    consume(
        shelves,
        record("{'store':'s','shelf':2}", null),
        record("{'store':'s','shelf':1}", "{'amount':2}"));

    assertThat(shop.rows("select amount from shelving")).extracting("amount").containsExactly(2);
  }

  @Test
  void what_is_read_through_the_provider_is_what_was_written() throws Exception {
    Shelves shelves = new Shelves();
    Shelving.Place place = new Shelving.Place();
    place.store = "s";
    place.shelf = 1;
    consume(shelves, record("{'store':'s','shelf':1}", "{'amount':1}"));
    shop.inTransaction(em -> assertThat(em.find(Shelving.class, place).amount).isEqualTo(1));

    consume(shelves, record("{'store':'s','shelf':1}", "{'amount':2}"));

    shop.inTransaction(em -> assertThat(em.find(Shelving.class, place).amount).isEqualTo(2));
  }

  @Test
  void the_bad_ones_are_named_one_after_the_other_and_the_others_are_applied() {
    Contacts contacts = new Contacts();
    List<ConsumerRecord<byte[], byte[]>> rest = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      boolean bad = List.of(0, 1, 17, 58, 59).contains(i);
      String name = bad ? "much too long to be stored" : "n" + i;
      rest.add(record("k" + i, "{'name':'" + name + "'}"));
    }
    List<Integer> named = new ArrayList<>();
    // As the channel does with a strategy: the bad one goes, what follows comes again.
    while (!rest.isEmpty()) {
      try {
        contacts.consume(new EntityBatch("contacts", rest));
        rest = List.of();
      } catch (BatchFailure failure) {
        named.add(Integer.valueOf(new String(rest.get(failure.index()).key()).substring(1)));
        rest = rest.subList(failure.index() + 1, rest.size());
      }
    }

    assertThat(named).containsExactly(0, 1, 17, 58, 59);
    assertThat(contacts()).hasSize(55);
  }

  @Test
  void when_every_record_fails_none_of_them_is_to_blame() {
    Contacts contacts = new Contacts();
    consume(contacts, record("a@x", "{'name':'a'}"));
    postgres.execute(
        shop.database, "alter table contact add constraint broken check (visits > 99) not valid");

    assertThatThrownBy(
            () ->
                consume(
                    contacts,
                    record("b@x", "{'name':'b'}"),
                    record("c@x", "{'name':'c'}"),
                    record("d@x", "[]")))
        .isInstanceOf(SystemicFailure.class)
        .hasMessageContaining("none of these 3 records")
        .hasMessageContaining("broken");
  }

  @Test
  void a_table_that_is_gone_is_no_records_fault() {
    Contacts contacts = new Contacts();
    consume(contacts, record("a@x", "{'name':'a'}"));
    postgres.execute(shop.database, "alter table contact rename to elsewhere");

    assertThatThrownBy(() -> consume(contacts, record("b@x", "{'name':'b'}")))
        .isInstanceOf(SystemicFailure.class);
  }

  @Test
  void a_deadlock_is_no_records_fault() throws Exception {
    Contacts contacts = new Contacts();
    // One after the other: EclipseLink writes in the order of ids, and here that is the keys' too.
    consume(contacts, record("a@x", "{'name':'a'}"));
    consume(contacts, record("b@x", "{'name':'b'}"));
    try (Connection other = postgres.dataSource(shop.database).getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("update contact set visits = 1 where email = 'b@x'");
      CompletableFuture<Throwable> consumed =
          CompletableFuture.supplyAsync(
              () ->
                  catchThrowable(
                      () ->
                          consume(
                              contacts,
                              record("b@x", "{'name':'b2'}"),
                              record("a@x", "{'name':'a2'}"))));
      eventually(
          () -> assertThat(shop.rows("select 1 from pg_locks where not granted")).isNotEmpty());
      // The consumer has waited for longer, so it is the one that finds the deadlock.
      statement.execute("update contact set visits = 1 where email = 'a@x'");
      other.commit();

      assertThat(consumed.get(30, TimeUnit.SECONDS))
          .isInstanceOf(SystemicFailure.class)
          .hasMessageContaining("deadlock");
    }
    assertThat(contacts()).containsExactly("a@x a 1 null", "b@x b 1 null");
  }

  @Test
  void the_log_says_how_it_writes_and_why() {
    List<String> lines = new CopyOnWriteArrayList<>();
    Handler handler =
        new StreamHandler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(new SimpleFormatter().formatMessage(line));
          }
        };
    Logger logger = Logger.getLogger("io.drivetrain.entitysync.internal.consume.WriterChoice");
    logger.setLevel(Level.INFO);
    logger.addHandler(handler);
    try {
      consume(new Contacts(), record("a@x", "{'name':'a'}"));
      consume(new Authors(), record("1", "{'name':'a'}"));
    } finally {
      logger.removeHandler(handler);
      logger.setLevel(null);
    }

    assertThat(lines)
        .containsExactly(
            "Contacts writes Contact by "
                + (mode == WriteMode.MERGE
                    ? "the provider's merge: it asks for that"
                    : "set-based upsert into \"contact\""),
            "Authors writes Author by the provider's merge: it keeps collections");
  }

  @Test
  void an_entity_that_reads_back_differently_is_written_by_the_provider() {
    Sync<Tag> tags =
        new Sync<>() {
          @Override
          protected WriteMode writeMode() {
            return mode;
          }
        };

    consume(tags, record("1", "{'name':'a'}"), record("2", null));
    consume(tags, record("1", "{'name':'b'}"), record("2", "{'name':'c'}"));

    assertThat(shop.rows("select name from tag order by id"))
        .extracting("name")
        .containsExactly("B", "C");
  }

  @Test
  void set_based_where_it_cannot_be_says_why() {
    Sync<Author> authors =
        new Sync<>() {
          @Override
          protected WriteMode writeMode() {
            return WriteMode.SET_BASED;
          }
        };

    assertThatThrownBy(() -> consume(authors, record("1", "{'name':'a'}")))
        .hasMessageContaining("asks for set-based writing, which Author does not allow: ")
        .hasMessageContaining("prizes is in other rows or tables");
  }

  @Test
  void hooks_are_called_in_order_and_a_null_payload_skips() {
    List<String> calls = new ArrayList<>();
    Contacts contacts =
        new Contacts() {
          @Override
          protected void beforeBatch(EntityBatch batch) {
            calls.add("before " + batch.size() + " " + contacts().size());
          }

          @Override
          protected Map<String, Object> attributes(
              ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload) {
            return payload.containsKey("skip") ? null : payload;
          }

          @Override
          protected void afterBatch(EntityBatch applied) {
            calls.add("after " + applied.size() + " " + contacts().size());
          }
        };

    consume(contacts, record("a@x", "{'name':'a'}"), record("b@x", "{'skip':1}"));

    assertThat(calls).containsExactly("before 2 0", "after 2 1");
    assertThat(contacts()).containsExactly("a@x a 7 null");
  }

  /** Random records leave what applying them to a map leaves. */
  @Test
  void random_records_are_applied_as_to_a_map() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<String, Map<String, Object>> expected = new TreeMap<>();
    Contacts contacts =
        new Contacts() {
          @Override
          protected boolean compacts() {
            return false;
          }

          @Override
          protected int maxDbBatchSize() {
            return 7;
          }
        };
    for (int batch = 0; batch < 10; batch++) {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        String key = "k" + random.nextInt(12);
        if (random.nextInt(4) == 0) {
          records.add(record(key, null));
          expected.remove(key);
          continue;
        }
        Map<String, Object> row =
            expected.computeIfAbsent(
                key, k -> new HashMap<>(Map.of("visits", 7, "name", "null", "active", "null")));
        StringBuilder json = new StringBuilder("{'x':0");
        if (random.nextBoolean()) {
          row.put("visits", random.nextInt(100));
          json.append(",'visits':").append(row.get("visits"));
        }
        if (random.nextBoolean()) {
          row.put("name", random.nextInt(5) == 0 ? "null" : "n, {\\" + random.nextInt(100));
          String name = row.get("name").toString();
          json.append(",'name':")
              .append(name.equals("null") ? name : "'" + name.replace("\\", "\\\\") + "'");
        }
        if (random.nextBoolean()) {
          row.put("active", random.nextBoolean());
          json.append(",'active':").append(row.get("active"));
        }
        records.add(record(key, json.append('}').toString()));
      }
      contacts.consume(new EntityBatch("contacts", records));
    }

    List<String> rows = new ArrayList<>();
    expected.forEach(
        (key, row) ->
            rows.add(
                key + " " + row.get("name") + " " + row.get("visits") + " " + row.get("active")));
    assertThat(contacts()).as("seed " + seed).containsExactlyInAnyOrderElementsOf(rows);
  }
}
