package io.drivetrain.entitysync.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.entitysync.EntityBatch;
import io.drivetrain.entitysync.EntityConsumer;
import io.drivetrain.entitysync.EntityRecordException;
import io.drivetrain.entitysync.WriteMode;
import io.drivetrain.entitysync.shop.Account;
import io.drivetrain.entitysync.shop.Article;
import io.drivetrain.entitysync.shop.Everything;
import io.drivetrain.entitysync.shop.Purchase;
import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How every provider's tables follow a topic; one subclass for each. */
@UsePostgres
@SuppressWarnings({"unchecked", "varargs"}) // Arrays of records are only read.
abstract class ConsumingTest {
  private static final UUID A = new UUID(0, 1);
  private static final UUID B = new UUID(0, 2);
  private static final UUID C = new UUID(0, 3);

  private final Provider provider;
  private final WriteMode mode;
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private Postgres postgres;
  private Shop shop;

  ConsumingTest(Provider provider, WriteMode mode) {
    this.provider = provider;
    this.mode = mode;
  }

  @BeforeEach
  void open(Postgres postgres) throws Exception {
    this.postgres = postgres;
    shop = new Shop(provider, postgres);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  /** Keeps articles, and notes what its hooks see. */
  private class ArticleSync extends EntityConsumer<Article> {
    final List<Integer> applied = new ArrayList<>();
    boolean compacts = true;
    boolean republishes;

    @Override
    protected EntityManager entityManager() {
      return shop.entities();
    }

    @Override
    protected UserTransaction userTransaction() {
      return Narayana.user();
    }

    @Override
    protected WriteMode writeMode() {
      return republishes ? WriteMode.AUTO : mode;
    }

    @Override
    protected boolean accepts(ConsumerRecord<byte[], byte[]> record) {
      return record.headers().lastHeader("other") == null;
    }

    @Override
    protected Map<String, Object> attributes(
        ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload) {
      if (payload.containsKey("titel")) {
        payload.put("title", payload.remove("titel"));
      }
      return payload;
    }

    @Override
    protected boolean compacts() {
      return compacts;
    }

    @Override
    protected boolean republishes() {
      return republishes;
    }

    @Override
    protected void afterBatch(EntityBatch batch) {
      applied.add(batch.size());
    }
  }

  private final ArticleSync sync = new ArticleSync();

  @Test
  void a_new_key_inserts_and_a_known_one_updates() {
    consume(record(A, "{'title':'a','pages':1}"), record(B, "{'title':'b','pages':2}"));
    consume(record(A, "{'title':'a2','pages':3}"));

    assertThat(articles()).containsExactly("1 a2 3", "2 b 2");
    assertThat(sync.applied).containsExactly(2, 1);
  }

  @Test
  void what_the_message_does_not_carry_stays_and_what_it_carries_as_null_goes() {
    consume(record(A, "{'title':'a','pages':1}"), record(B, "{'title':'b','pages':2}"));

    consume(record(A, "{'title':'a2','nonsense':[1]}"), record(B, "{'pages':null}"));

    assertThat(articles()).containsExactly("1 a2 1", "2 b null");
  }

  @Test
  void a_tombstone_deletes_and_one_for_nothing_is_nothing() {
    consume(record(A, "{'title':'a'}"), record(B, "{'title':'b'}"));

    consume(record(A, null), record(C, null));

    assertThat(articles()).containsExactly("2 b null");
  }

  @Test
  void the_last_record_of_a_key_wins() {
    consume(
        record(A, "{'title':'much too long to be stored'}"),
        record(B, "{'title':'b'}"),
        record(A, null),
        record(B, null),
        record(A, "{'title':'last'}"));

    assertThat(articles()).containsExactly("1 last null");
  }

  @Test
  void without_compaction_every_record_is_applied_in_order() {
    sync.compacts = false;

    consume(
        record(A, "{'title':'a','pages':1}"),
        record(A, null),
        record(A, "{'title':'again'}"),
        record(A, "{'pages':7}"));

    assertThat(articles()).containsExactly("1 again 7");
  }

  @Test
  void a_value_that_does_not_fit_is_named_and_isolated() {
    Throwable failure =
        catchThrowable(
            () ->
                consume(
                    record(A, "{'title':'a'}"),
                    record(B, "{'pages':'many'}"),
                    record(C, "{'title':'c'}")));

    assertThat(failure)
        .isInstanceOfSatisfying(BatchFailure.class, f -> assertThat(f.index()).isOne());
    assertThat(failure.getCause())
        .isInstanceOf(EntityRecordException.class)
        .hasMessageContaining("articles-3@101: Article: pages: 'many' does not fit")
        .hasMessageContaining("java.lang.Integer; expected a whole number");
    assertThat(articles()).containsExactly("1 a null");
    assertThat(sync.applied).containsExactly(1);
  }

  @Test
  void a_record_that_the_database_refuses_is_found_and_isolated() {
    List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String title = i == 13 ? "much too long to be stored" : "t" + i;
      batch.add(record(new UUID(0, i), "{'title':'" + title + "'}"));
    }

    assertThatThrownBy(() -> sync.consume(new EntityBatch("articles", batch)))
        .isInstanceOfSatisfying(BatchFailure.class, f -> assertThat(f.index()).isEqualTo(13))
        .cause()
        .hasMessageStartingWith("articles-3@113: Article: ");

    assertThat(articles()).hasSize(13);
  }

  @Test
  void a_bad_first_record_fails_at_once_and_alone_again() {
    assertThatThrownBy(() -> consume(record(A, "[1]"), record(B, "{'title':'b'}")))
        .isInstanceOfSatisfying(BatchFailure.class, f -> assertThat(f.index()).isZero())
        .hasMessageContaining("not an object");
    for (String value : List.of("null", "{", "'text'")) {
      assertThatThrownBy(() -> consume(record(A, value))).isInstanceOf(BatchFailure.class);
    }
    assertThatThrownBy(() -> consume(record(null, "{'title':'a'}")))
        .hasMessageContaining("without a key");
    assertThatThrownBy(() -> consume(raw("not-a-uuid", "{}")))
        .hasMessageContaining("the key as code: 'not-a-uuid' does not fit java.util.UUID");
    assertThat(articles()).isEmpty();
  }

  @Test
  void hooks_may_skip_records_and_rename_attributes() {
    ConsumerRecord<byte[], byte[]> other = record(A, "garbage");
    other.headers().add("other", new byte[0]);

    consume(other, record(B, "{'titel':'b'}"));

    assertThat(articles()).containsExactly("2 b null");
  }

  @Test
  void what_is_consumed_is_not_published_unless_asked() throws Exception {
    consume(record(A, "{'title':'a'}"));
    assertThat(shop.events()).isEmpty();

    ArticleSync asked = new ArticleSync();
    asked.republishes = true;
    asked.consume(batch("articles", record(A, "{'title':'b'}")));
    assertThat(shop.eventKeys()).containsExactly("articles " + A);

    shop.inTransaction(em -> em.find(Article.class, A).setTitle("own"));
    assertThat(shop.eventKeys()).containsExactly("articles " + A);
  }

  @Test
  void a_row_changed_elsewhere_is_seen() {
    consume(record(A, "{'title':'a'}"));
    postgres.execute(shop.database, "update article set title = 'elsewhere'");

    consume(record(A, "{'title':'a'}"));

    assertThat(articles()).containsExactly("1 a null");
  }

  @Test
  void a_running_transaction_is_joined() throws Exception {
    shop.rolledBack(em -> consume(record(A, "{'title':'a'}")));
    assertThat(articles()).isEmpty();

    shop.inTransaction(em -> consume(record(A, "{'title':'a'}")));
    assertThat(articles()).containsExactly("1 a null");

    assertThatThrownBy(
            () ->
                shop.inTransaction(
                    em -> consume(record(B, "{'title':'b'}"), record(C, "{'pages':'x'}"))))
        .isNotInstanceOf(BatchFailure.class)
        .hasMessageContaining("articles-3@");
    assertThat(articles()).containsExactly("1 a null");
  }

  @Test
  void a_lost_connection_means_the_whole_batch_again() {
    consume(record(A, "{'title':'a'}"));
    postgres.execute(
        shop.database,
        "create function cut() returns trigger language plpgsql as $$ begin"
            + " perform pg_terminate_backend(pg_backend_pid()); return new; end $$");
    postgres.execute(
        shop.database, "create trigger cut before insert on article execute function cut()");

    assertThatThrownBy(() -> consume(record(B, "{'title':'b'}"), record(C, "{'title':'c'}")))
        .isNotInstanceOf(BatchFailure.class);

    assertThat(articles()).containsExactly("1 a null");
  }

  @Test
  void a_constraint_that_only_fails_at_the_commit_is_isolated_too() {
    postgres.execute(
        shop.database,
        "alter table article add constraint odd unique (pages) deferrable initially deferred");

    assertThatThrownBy(
            () ->
                consume(
                    record(A, "{'pages':1}"), record(B, "{'pages':2}"), record(C, "{'pages':1}")))
        .isInstanceOfSatisfying(BatchFailure.class, f -> assertThat(f.index()).isEqualTo(2));

    assertThat(articles()).containsExactly("1 null 1", "2 null 2");
  }

  @Test
  void every_type_travels_from_entity_to_entity() throws Exception {
    Everything sent = everything();
    shop.inTransaction(em -> em.persist(sent));
    List<EncodedMessage> messages = shop.messages();

    try (Shop other = new Shop(provider, postgres)) {
      EntityConsumer<Everything> copies =
          new EntityConsumer<>() {
            @Override
            protected EntityManager entityManager() {
              return other.entities();
            }

            @Override
            protected UserTransaction userTransaction() {
              return Narayana.user();
            }
          };
      copies.consume(new EntityBatch("everything", records("everything", messages)));

      String columns = "select * from everything";
      assertThat(readable(other.rows(columns))).isEqualTo(readable(shop.rows(columns)));
    }
  }

  @Test
  void a_reference_is_stored_by_its_id() throws Exception {
    shop.inTransaction(em -> em.persist(new Account(7, "a@example.com")));
    EntityConsumer<Purchase> purchases =
        new EntityConsumer<>() {
          @Override
          protected EntityManager entityManager() {
            return shop.entities();
          }

          @Override
          protected UserTransaction userTransaction() {
            return Narayana.user();
          }
        };

    purchases.consume(batch("purchases", raw("1", "{'item':'x','account':7}")));
    assertThat(shop.rows("select account_id from purchase"))
        .extracting("account_id")
        .containsExactly(7L);
    purchases.consume(batch("purchases", raw("1", "{'account':null}")));
    assertThat(shop.rows("select account_id from purchase where account_id is null")).hasSize(1);
    assertThatThrownBy(
            () -> purchases.consume(batch("purchases", raw("2", "{'item':'x','account':99}"))))
        .isInstanceOf(BatchFailure.class);
  }

  private static Everything everything() {
    Everything e = new Everything();
    e.id = UUID.randomUUID();
    e.text = "text \" \u00e9 \ud83d\ude00";
    e.flag = true;
    e.tiny = -128;
    e.small = Short.MAX_VALUE;
    e.number = Integer.MIN_VALUE;
    e.big = Long.MAX_VALUE;
    e.real = 0.1;
    e.single = 1.1f;
    e.amount = new BigDecimal("1234567890123456.7891");
    e.letter = 'x';
    e.color = Everything.Color.GREEN;
    e.bytes = new byte[] {0, 1, -1};
    e.date = LocalDate.of(2026, 2, 28);
    e.time = LocalTime.of(23, 59, 58);
    e.dateTime = LocalDateTime.of(2026, 2, 28, 1, 2, 3, 456_789_000);
    e.instant = Instant.parse("2026-02-28T01:02:03.456789Z");
    e.offsetDateTime = OffsetDateTime.parse("2026-02-28T01:02:03.5+02:00");
    e.oldDate = Date.from(Instant.parse("2026-02-28T01:02:03.456Z"));
    e.uuid = UUID.randomUUID();
    e.money = new Everything.Money("EUR", new BigDecimal("9.99"));
    e.address = new Everything.Address("Street 1", "Town");
    return e;
  }

  private static String readable(List<Map<String, Object>> rows) {
    List<String> cells = new ArrayList<>();
    rows.get(0)
        .forEach(
            (column, value) ->
                cells.add(column + "=" + (value instanceof byte[] b ? Arrays.toString(b) : value)));
    return String.join("\n", cells);
  }

  private void consume(ConsumerRecord<byte[], byte[]>... batch) {
    sync.consume(batch("articles", batch));
  }

  private static EntityBatch batch(String channel, ConsumerRecord<byte[], byte[]>... batch) {
    return new EntityBatch(channel, List.of(batch));
  }

  private ConsumerRecord<byte[], byte[]> record(UUID key, String value) {
    return raw(key == null ? null : key.toString(), value);
  }

  /** Single quotes stand for double ones. */
  private ConsumerRecord<byte[], byte[]> raw(String key, String value) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            "articles",
            3,
            100 + records.size(),
            key == null ? null : key.getBytes(StandardCharsets.UTF_8),
            value == null ? null : value.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    records.add(record);
    return record;
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(
      String topic, List<EncodedMessage> messages) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (EncodedMessage message : messages) {
      records.add(new ConsumerRecord<>(topic, 0, records.size(), message.key(), message.value()));
    }
    return records;
  }

  /** Each row as the last digit of its id, its title and its pages. */
  private List<String> articles() {
    return shop.rows("select code, title, pages from article order by code").stream()
        .map(
            row -> {
              String code = row.get("code").toString();
              return code.substring(code.length() - 1)
                  + " "
                  + row.get("title")
                  + " "
                  + row.get("pages");
            })
        .toList();
  }
}
