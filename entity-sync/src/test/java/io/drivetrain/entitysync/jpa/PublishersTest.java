package io.drivetrain.entitysync.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.entitysync.EntityEventException;
import io.drivetrain.entitysync.EntityEvents;
import io.drivetrain.entitysync.jpa.Shop.Event;
import io.drivetrain.entitysync.shop.Account;
import io.drivetrain.entitysync.shop.Booking;
import io.drivetrain.entitysync.shop.Car;
import io.drivetrain.entitysync.shop.CardPayment;
import io.drivetrain.entitysync.shop.Line;
import io.drivetrain.entitysync.shop.Line.LineId;
import io.drivetrain.entitysync.shop.Payment;
import io.drivetrain.entitysync.shop.Purchase;
import io.drivetrain.entitysync.shop.Seat;
import io.drivetrain.entitysync.shop.Vehicle;
import io.drivetrain.entitysync.shop.Widget;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishers of the application, compound ids, associations and inheritance; by provider. */
@UsePostgres
abstract class PublishersTest {
  private final Provider provider;
  private Shop shop;

  PublishersTest(Provider provider) {
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
  void a_publisher_changes_key_payload_and_headers() throws Exception {
    shop.inTransaction(em -> em.persist(new Booking(1, "north", "new")));

    Event event = ofTopic("bookings").get(0);
    assertThat(event.key()).isEqualTo("B1");
    assertThat(event.payload()).containsEntry("where", "north").doesNotContainKey("hall");
    assertThat(event.headers()).containsExactly(Map.entry("change", "CREATE"));
  }

  @Test
  void a_publisher_sends_an_event_before_the_tombstone_and_may_replace_that() throws Exception {
    store(new Booking(1, "north", "new"), new Booking(2, "north", "kept"));

    shop.inTransaction(em -> em.remove(em.find(Booking.class, 1)));
    List<Event> first = ofTopic("bookings");
    assertThat(first).extracting(Event::key).containsExactly("B1", "B1");
    assertThat(first.get(0).payload()).containsEntry("deleted", true);
    assertThat(first.get(1).payload()).isNull();
    assertThat(first.get(1).headers()).containsEntry("change", "DELETE");

    shop.inTransaction(em -> em.remove(em.find(Booking.class, 2)));
    assertThat(ofTopic("bookings").get(1).payload()).containsEntry("gone", true);
  }

  @Test
  void a_refused_event_is_not_sent_and_the_last_answer_of_a_transaction_counts() throws Exception {
    store(new Booking(1, "north", "draft"));
    assertThat(shop.rows("select * from booking")).hasSize(1);

    shop.inTransaction(em -> em.find(Booking.class, 1).setState("new"));
    assertThat(ofTopic("bookings")).hasSize(1);
    shop.inTransaction(
        em -> {
          em.find(Booking.class, 1).setState("newer");
          em.flush();
          em.find(Booking.class, 1).setState("draft");
        });
    assertThat(ofTopic("bookings")).isEmpty();
    shop.inTransaction(em -> em.find(Booking.class, 1).setState("cancelled"));
    assertThat(ofTopic("bookings"))
        .singleElement()
        .satisfies(event -> assertThat(event.payload()).isNull());
  }

  @Test
  void a_publisher_that_throws_fails_the_transaction() {
    assertThatThrownBy(
            () -> shop.inTransaction(em -> em.persist(new Booking(1, "north", "broken"))))
        .hasStackTraceContaining("no such state");

    assertThat(shop.rows("select * from booking")).isEmpty();
    assertThat(shop.events()).isEmpty();
  }

  @Test
  void an_invalid_payload_fails_the_transaction_with_every_problem() {
    assertThatThrownBy(
            () -> shop.inTransaction(em -> em.persist(new Booking(1, "north", "invalid"))))
        .satisfies(
            thrown ->
                assertThat(causes(thrown)).hasAtLeastOneElementOfType(EntityEventException.class))
        .hasStackTraceContaining("Booking 1 cannot be published to bookings: thread is a ")
        .hasStackTraceContaining("; loader is a ");
    assertThat(shop.rows("select * from booking")).isEmpty();
  }

  @Test
  void an_associations_entity_is_embedded_where_it_is_asked_for() throws Exception {
    store(new Account(7, "a@example.com"), new Seat("north", 3, "soft"));

    shop.inTransaction(
        em -> {
          Booking booking = new Booking(1, "north", "new");
          booking.guest = em.getReference(Account.class, 7L);
          booking.seat = em.getReference(Seat.class, new Seat.SeatId("north", 3));
          em.persist(booking);
        });

    List<Event> events = shop.events();
    assertThat(events)
        .filteredOn(event -> event.topic().equals("invoices"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.key()).isEqualTo("{\"hall\":\"north\",\"id\":1}");
              assertThat(event.payload())
                  .containsEntry("guest", Map.of("id", new BigDecimal(7), "email", "a@example.com"))
                  .containsEntry("seat", Map.of("hall", "north", "place", new BigDecimal(3)));
            });
    assertThat(events)
        .filteredOn(event -> event.topic().equals("bookings"))
        .singleElement()
        .satisfies(event -> assertThat(event.payload()).containsEntry("guest", new BigDecimal(7)));
  }

  @Test
  void an_embedded_id_is_an_object_as_key() throws Exception {
    shop.inTransaction(em -> em.persist(new Seat("north", 3, "soft")));
    assertThat(shop.events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.key()).isEqualTo("{\"hall\":\"north\",\"place\":3}");
              assertThat(event.payload())
                  .containsEntry("id", Map.of("hall", "north", "place", new BigDecimal(3)));
            });

    shop.inTransaction(em -> em.find(Seat.class, new Seat.SeatId("north", 3)).setComfort("softer"));
    shop.inTransaction(em -> em.remove(em.find(Seat.class, new Seat.SeatId("north", 3))));
    assertThat(shop.eventKeys())
        .containsExactly(
            "seats {\"hall\":\"north\",\"place\":3}", "-seats {\"hall\":\"north\",\"place\":3}");
  }

  @Test
  void an_id_class_with_another_entity_is_an_object_as_key() throws Exception {
    store(new Account(7, "a@example.com"));
    shop.inTransaction(
        em -> {
          Purchase purchase = new Purchase(5, "x", em.getReference(Account.class, 7L));
          em.persist(purchase);
          em.persist(new Line(purchase, 1, 10));
        });
    assertThat(shop.eventKeys()).contains("lines {\"position\":1,\"purchase\":5}");

    shop.inTransaction(em -> em.find(Line.class, new LineId(5, 1)).setAmount(11));
    assertThat(shop.events())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.payload())
                    .containsEntry("purchase", new BigDecimal(5))
                    .containsEntry("amount", new BigDecimal(11)));
    shop.inTransaction(em -> em.remove(em.find(Line.class, new LineId(5, 1))));
    assertThat(shop.eventKeys()).containsExactly("-lines {\"position\":1,\"purchase\":5}");
  }

  @Test
  void children_are_published_with_their_own_attributes_whatever_their_tables() throws Exception {
    shop.inTransaction(
        em -> {
          em.persist(new Vehicle(1, "A-1"));
          em.persist(new Car(2, "B-2", 4));
          em.persist(new Payment("p", 100));
          em.persist(new CardPayment("c", 200, "visa"));
        });
    List<Event> events = shop.events();
    assertThat(events)
        .extracting(event -> event.topic() + " " + event.key())
        .containsExactlyInAnyOrder("vehicles 1", "vehicles 2", "payments p", "cards c");
    assertThat(events)
        .filteredOn(event -> event.key().equals("2"))
        .allSatisfy(event -> assertThat(event.payload()).containsOnlyKeys("id", "plate", "doors"));

    shop.inTransaction(em -> ((Car) em.find(Vehicle.class, 2L)).setDoors(2));
    shop.inTransaction(em -> ((CardPayment) em.find(Payment.class, "c")).setCard("other"));
    shop.inTransaction(em -> em.remove(em.find(Vehicle.class, 2L)));
    shop.inTransaction(em -> em.remove(em.find(Payment.class, "c")));
    assertThat(shop.eventKeys())
        .containsExactly("vehicles 2", "cards c", "-vehicles 2", "-cards c");
  }

  @Test
  void one_entity_is_switched_off_with_its_children_and_the_others_are_not() throws Exception {
    EntityEvents.off(
        Vehicle.class,
        () -> {
          shop.inTransaction(
              em -> {
                em.persist(new Car(2, "B-2", 4));
                em.persist(new Widget(1, "a", "1"));
              });
          return null;
        });
    assertThat(shop.eventKeys()).containsExactly("widgets 1");

    assertThatThrownBy(
            () ->
                EntityEvents.off(
                    Vehicle.class,
                    () -> {
                      throw new IllegalStateException("boom");
                    }))
        .hasMessage("boom");
    shop.inTransaction(em -> em.persist(new Car(3, "B-3", 4)));
    assertThat(shop.eventKeys()).containsExactly("vehicles 3");
  }

  private List<Event> ofTopic(String topic) {
    return shop.events().stream().filter(event -> event.topic().equals(topic)).toList();
  }

  private static List<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, each -> each != null, Throwable::getCause)
        .flatMap(each -> Stream.concat(Stream.of(each), Stream.of(each.getSuppressed())))
        .toList();
  }

  private void store(Object... entities) throws Exception {
    for (Object entity : entities) {
      shop.inTransaction(em -> em.persist(entity));
    }
    shop.events();
  }
}
