package io.drivetrain.entitysync.jpa;

import io.drivetrain.entitysync.CollectionMode;
import io.drivetrain.entitysync.EntityBatch;
import io.drivetrain.entitysync.EntityConsumer;
import io.drivetrain.entitysync.VersionGuard;
import io.drivetrain.entitysync.WriteMode;
import io.drivetrain.entitysync.shop.Author;
import io.drivetrain.entitysync.shop.Contact;
import io.drivetrain.entitysync.shop.Shelving;
import io.drivetrain.migrations.Migrations;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of consumers have in common: a shop, consumers of its entities, and records. */
@UsePostgres
abstract class ConsumerTests {
  final Provider provider;
  final WriteMode mode;
  Postgres postgres;
  Shop shop;
  private int offset;

  ConsumerTests(Provider provider, WriteMode mode) {
    this.provider = provider;
    this.mode = mode;
  }

  @BeforeEach
  void open(Postgres postgres) throws Exception {
    this.postgres = postgres;
    shop = new Shop(provider, postgres);
    new Migrations(postgres.dataSource(shop.database), "drivetrain").migrate();
  }

  @AfterEach
  void close() {
    shop.close();
  }

  /** What every consumer here has in common. */
  abstract class Sync<E> extends EntityConsumer<E> {
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
      return mode == WriteMode.AUTO ? WriteMode.SET_BASED : mode;
    }
  }

  /** Contacts by e-mail. */
  class Contacts extends Sync<Contact> {
    @Override
    protected List<String> keyAttributes() {
      return List.of("email");
    }
  }

  /** Contacts by e-mail, the newest wins. */
  class GuardedContacts extends Contacts {
    @Override
    protected VersionGuard guard() {
      return VersionGuard.drivetrainId("seen");
    }
  }

  /** Shelves by place. */
  class Shelves extends Sync<Shelving> {}

  /** Authors with all that belongs to them; a tombstone marks them. */
  class Authors extends Sync<Author> {
    CollectionMode books = CollectionMode.REPLACE;

    @Override
    protected WriteMode writeMode() {
      return WriteMode.AUTO;
    }

    @Override
    protected Map<String, String> references() {
      return Map.of("contact", "email");
    }

    @Override
    protected Map<String, CollectionMode> collections() {
      return Map.of("books", books, "prizes", books, "homes", books);
    }
  }

  static void consume(EntityConsumer<?> consumer, Object first, Object... more) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    records.add(cast(first));
    for (Object record : more) {
      records.add(cast(record));
    }
    consumer.consume(new EntityBatch("channel", records));
  }

  @SuppressWarnings("unchecked") // Made below.
  private static ConsumerRecord<byte[], byte[]> cast(Object record) {
    return (ConsumerRecord<byte[], byte[]>) record;
  }

  ConsumerRecord<byte[], byte[]> at(long id, String key, String value) {
    ConsumerRecord<byte[], byte[]> record = record(key, value);
    record.headers().add("drivetrain-id", Long.toString(id).getBytes(StandardCharsets.UTF_8));
    return record;
  }

  /** Single quotes stand for double ones. */
  ConsumerRecord<byte[], byte[]> record(String key, String value) {
    return new ConsumerRecord<>("topic", 0, offset++, bytes(key), bytes(value));
  }

  private static byte[] bytes(String text) {
    return text == null ? null : text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  List<String> contacts() {
    return shop.rows("select email, full_name, visits, active from contact order by email").stream()
        .map(
            row ->
                row.get("email")
                    + " "
                    + row.get("full_name")
                    + " "
                    + row.get("visits")
                    + " "
                    + row.get("active"))
        .toList();
  }
}
