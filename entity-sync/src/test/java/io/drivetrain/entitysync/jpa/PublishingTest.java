package io.drivetrain.entitysync.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.entitysync.EntityEvents;
import io.drivetrain.entitysync.jpa.Shop.Event;
import io.drivetrain.entitysync.shop.Account;
import io.drivetrain.entitysync.shop.Article;
import io.drivetrain.entitysync.shop.Part;
import io.drivetrain.entitysync.shop.Purchase;
import io.drivetrain.entitysync.shop.Ticket;
import io.drivetrain.entitysync.shop.Widget;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transaction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every provider's entity changes become; one subclass for each. */
@UsePostgres
abstract class PublishingTest {
  private final Provider provider;
  private Shop shop;

  PublishingTest(Provider provider) {
    this.provider = provider;
  }

  @BeforeEach
  void open(Postgres postgres) throws Exception {
    shop = new Shop(provider, postgres);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void a_new_entity_is_published_with_all_its_attributes() throws Exception {
    shop.inTransaction(em -> em.persist(new Widget(1, "bolt", "1.50")));

    List<Event> events = shop.events();
    assertThat(events).hasSize(1);
    assertThat(events.get(0).topic()).isEqualTo("widgets");
    assertThat(events.get(0).key()).isEqualTo("1");
    assertThat(events.get(0).payload())
        .containsOnlyKeys("id", "name", "price", "note", "version")
        .containsEntry("name", "bolt")
        .containsEntry("note", null);
    assertThat((BigDecimal) events.get(0).payload().get("price")).isEqualByComparingTo("1.5");
  }

  @Test
  void a_rollback_leaves_nothing() throws Exception {
    shop.rolledBack(
        em -> {
          em.persist(new Widget(1, "bolt", "1"));
          em.flush();
        });

    assertThat(shop.events()).isEmpty();
  }

  @Test
  void many_changes_in_a_transaction_become_one_event_with_the_last_state() throws Exception {
    shop.inTransaction(
        em -> {
          Widget widget = new Widget(1, "a", "1");
          em.persist(widget);
          for (String name : List.of("b", "c", "d")) {
            em.flush();
            widget.setName(name);
          }
          em.flush();
          widget.setNote("last");
        });

    assertThat(shop.events())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.payload())
                    .containsEntry("name", "d")
                    .containsEntry("note", "last"));
  }

  @Test
  void an_update_is_published_only_if_a_watched_attribute_changed() throws Exception {
    store(new Widget(1, "a", "1"));

    shop.inTransaction(em -> em.find(Widget.class, 1L).setNote("unwatched"));
    assertThat(shop.events()).isEmpty();
    assertThat(shop.rows("select note from widget"))
        .extracting("note")
        .containsExactly("unwatched");

    shop.inTransaction(em -> em.find(Widget.class, 1L).setName("b"));
    assertThat(shop.events())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.payload())
                    .containsEntry("name", "b")
                    .containsEntry("note", "unwatched"));
  }

  @Test
  void a_change_that_only_raises_the_version_is_not_published() throws Exception {
    store(new Widget(1, "a", "1"));
    long version = version();

    shop.inTransaction(em -> em.find(Widget.class, 1L).getTags().add("new"));

    assertThat(shop.events()).isEmpty();
    assertThat(version()).isEqualTo(version + 1);
  }

  private long version() {
    return (Long) shop.rows("select version from widget").get(0).get("version");
  }

  @Test
  void a_merged_entity_is_compared_with_the_database() throws Exception {
    store(new Widget(1, "a", "1"));
    List<Widget> detached = new ArrayList<>();
    shop.inTransaction(em -> detached.add(em.find(Widget.class, 1L)));

    detached.get(0).setNote("unwatched");
    shop.inTransaction(em -> detached.set(0, em.merge(detached.get(0))));
    assertThat(shop.events()).isEmpty();

    detached.get(0).setName("b");
    shop.inTransaction(em -> em.merge(detached.get(0)));
    assertThat(shop.eventKeys()).containsExactly("widgets 1");
  }

  @Test
  void later_flushes_of_a_transaction_compare_with_what_was_flushed() throws Exception {
    store(new Widget(1, "a", "1"));

    shop.inTransaction(
        em -> {
          Widget widget = em.find(Widget.class, 1L);
          widget.setNote("x");
          em.flush();
          widget.setName("b");
          em.flush();
          widget.setName("a");
        });

    assertThat(shop.events())
        .singleElement()
        .satisfies(event -> assertThat(event.payload()).containsEntry("name", "a"));
  }

  @Test
  void a_deleted_entity_becomes_a_tombstone() throws Exception {
    store(new Widget(1, "a", "1"));

    shop.inTransaction(em -> em.remove(em.find(Widget.class, 1L)));

    assertThat(shop.eventKeys()).containsExactly("-widgets 1");
  }

  @Test
  void updated_and_deleted_is_one_tombstone() throws Exception {
    store(new Widget(1, "a", "1"));

    shop.inTransaction(
        em -> {
          Widget widget = em.find(Widget.class, 1L);
          widget.setName("b");
          em.flush();
          em.remove(widget);
        });

    assertThat(shop.eventKeys()).containsExactly("-widgets 1");
  }

  @Test
  void created_and_deleted_in_a_transaction_is_nothing() throws Exception {
    shop.inTransaction(
        em -> {
          Widget widget = new Widget(1, "a", "1");
          em.persist(widget);
          em.flush();
          em.remove(widget);
        });

    assertThat(shop.events()).isEmpty();
  }

  @Test
  void deleted_and_created_again_keeps_both_in_order() throws Exception {
    store(new Widget(1, "a", "1"));

    shop.inTransaction(
        em -> {
          em.remove(em.find(Widget.class, 1L));
          em.flush();
          em.persist(new Widget(1, "again", "2"));
        });

    assertThat(shop.eventKeys()).containsExactly("-widgets 1", "widgets 1");
  }

  @Test
  void a_changed_key_deletes_the_record_of_the_old_one() throws Exception {
    store(new Account(1, "old@example.com"));

    shop.inTransaction(em -> em.find(Account.class, 1L).setEmail("new@example.com"));
    assertThat(shop.eventKeys())
        .containsExactly("-accounts old@example.com", "accounts new@example.com");

    shop.inTransaction(
        em -> {
          Account account = em.find(Account.class, 1L);
          account.setEmail("newer@example.com");
          em.remove(account);
        });
    assertThat(shop.eventKeys()).containsExactly("-accounts new@example.com");
  }

  @Test
  void an_entity_without_a_key_fails_the_transaction() {
    assertThatThrownBy(() -> shop.inTransaction(em -> em.persist(new Account(1, null))))
        .hasStackTraceContaining(
            "Account 1 cannot be published to accounts: its key attribute email");
    assertThat(shop.rows("select * from account")).isEmpty();
  }

  @Test
  void each_publication_has_its_own_key_payload_watch_list_and_kinds() throws Exception {
    shop.inTransaction(em -> em.persist(new Part("p", "nut", "A1", 5)));
    List<Event> created = shop.events();
    assertThat(created).extracting(Event::topic).containsExactlyInAnyOrder("parts", "stock");
    assertThat(created)
        .filteredOn(event -> event.topic().equals("parts"))
        .allSatisfy(event -> assertThat(event.payload()).containsOnlyKeys("id", "name"));

    shop.inTransaction(em -> em.find(Part.class, "p").setStock(4));
    assertThat(shop.eventKeys()).containsExactly("stock A1");
    shop.inTransaction(em -> em.find(Part.class, "p").setName("washer"));
    assertThat(shop.eventKeys()).containsExactly("parts p");
    shop.inTransaction(em -> em.remove(em.find(Part.class, "p")));
    assertThat(shop.eventKeys()).containsExactly("-parts p");
  }

  @Test
  void an_id_made_by_the_database_is_the_key() throws Exception {
    shop.inTransaction(em -> em.persist(new Ticket("help")));

    assertThat(shop.events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.key()).isEqualTo("1");
              assertThat(event.payload()).containsEntry("id", new BigDecimal(1));
            });
  }

  @Test
  void an_association_is_published_as_the_id_it_refers_to() throws Exception {
    store(new Account(7, "a@example.com"));
    store(new Account(8, "b@example.com"));

    shop.inTransaction(em -> em.persist(new Purchase(1, "x", em.getReference(Account.class, 7L))));
    assertThat(shop.events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.key()).isEqualTo("7");
              assertThat(event.payload()).containsEntry("account", new BigDecimal(7));
            });

    shop.inTransaction(
        em -> em.find(Purchase.class, 1).setAccount(em.getReference(Account.class, 8L)));
    List<Event> moved = shop.events();
    assertThat(moved.get(moved.size() - 1).payload()).containsEntry("account", new BigDecimal(8));
    if (provider.unit.equals("hibernate")) {
      // EclipseLink has not loaded the old one, and then nobody knows it any more.
      assertThat(moved).extracting(Event::key).containsExactly("7", "8");
      assertThat(moved.get(0).payload()).isNull();
    }

    shop.inTransaction(em -> em.find(Purchase.class, 1).setItem("y"));
    assertThat(shop.events())
        .singleElement()
        .satisfies(
            event -> assertThat(event.payload()).containsEntry("account", new BigDecimal(8)));
  }

  @Test
  void a_mapped_superclass_may_bring_the_listener() throws Exception {
    UUID code = UUID.randomUUID();

    shop.inTransaction(em -> em.persist(new Article(code, "t", 3)));

    assertThat(shop.eventKeys()).containsExactly("articles " + code);
  }

  @Test
  void publishing_is_off_for_a_block_even_when_it_throws_and_on_again_afterwards()
      throws Exception {
    EntityEvents.off(
        () -> {
          shop.inTransaction(em -> em.persist(new Widget(1, "silent", "1")));
          return null;
        });
    assertThatThrownBy(
            () ->
                EntityEvents.off(
                    () -> {
                      throw new IllegalStateException("boom");
                    }))
        .hasMessage("boom");
    assertThat(shop.events()).isEmpty();

    shop.inTransaction(em -> em.persist(new Widget(2, "loud", "1")));
    assertThat(shop.eventKeys()).containsExactly("widgets 2");
  }

  @Test
  void a_silent_part_of_a_transaction_is_flushed_by_itself() throws Exception {
    shop.inTransaction(
        em -> {
          em.persist(new Widget(1, "loud", "1"));
          EntityEvents.off(em, () -> em.persist(new Widget(2, "silent", "1")));
          em.persist(new Widget(3, "loud", "1"));
        });

    assertThat(shop.eventKeys()).containsExactly("widgets 1", "widgets 3");
    assertThat(shop.rows("select id from widget")).hasSize(3);
  }

  @Test
  void a_transaction_within_another_has_events_of_its_own() throws Exception {
    shop.rolledBack(
        em -> {
          em.persist(new Widget(1, "outer", "1"));
          em.flush();
          Transaction outer = Narayana.manager().suspend();
          shop.inTransaction(inner -> inner.persist(new Widget(2, "inner", "1")));
          Narayana.manager().resume(outer);
        });

    assertThat(shop.eventKeys()).containsExactly("widgets 2");
  }

  @Test
  void a_failed_statement_publishes_nothing() throws Exception {
    store(new Article(UUID.randomUUID(), "taken", 1));

    assertThatThrownBy(
            () -> shop.inTransaction(em -> em.persist(new Article(UUID.randomUUID(), "taken", 2))))
        .isNotNull();

    assertThat(shop.events()).isEmpty();
  }

  @Test
  void a_flush_in_pieces_publishes_each_entity_once() throws Exception {
    shop.inTransaction(
        em -> {
          for (int i = 0; i < 120; i++) {
            em.persist(new Widget(i, "w" + i, "1"));
            if (i % 25 == 24) {
              em.flush();
              em.clear();
            }
          }
        });

    assertThat(shop.eventKeys()).hasSize(120).doesNotHaveDuplicates();
  }

  private void store(Object entity) throws Exception {
    shop.inTransaction((EntityManager em) -> em.persist(entity));
    shop.events();
  }
}
