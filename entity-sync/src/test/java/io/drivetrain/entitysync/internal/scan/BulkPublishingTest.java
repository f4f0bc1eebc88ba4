package io.drivetrain.entitysync.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.entitysync.internal.scan.StoredShop.Stored;
import io.drivetrain.entitysync.jpa.Provider;
import io.drivetrain.entitysync.shop.Account;
import io.drivetrain.entitysync.shop.Car;
import io.drivetrain.entitysync.shop.Line;
import io.drivetrain.entitysync.shop.Line.LineId;
import io.drivetrain.entitysync.shop.Purchase;
import io.drivetrain.entitysync.shop.Seat;
import io.drivetrain.entitysync.shop.Vehicle;
import io.drivetrain.entitysync.shop.Widget;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Publishing what no listener hears. */
@UsePostgres
class BulkPublishingTest {

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"HIBERNATE", "ECLIPSELINK"})
  void what_bulk_statements_changed_is_published_as_it_is_in_the_database(
      Provider provider, Postgres postgres) throws Exception {
    try (StoredShop shop = new StoredShop(provider, postgres)) {
      shop.shop.inTransaction(
          em -> {
            for (int i = 1; i <= 3; i++) {
              em.persist(new Widget(i, "w" + i, "1"));
            }
          });
      shop.forgetEvents();

      shop.shop.inTransaction(
          em -> {
            em.find(Widget.class, 1L); // Goes stale.
            em.find(Widget.class, 3L).setNote("unwatched, and not flushed yet");
            em.createQuery("update Widget w set w.name = 'bulk' where w.id < 3").executeUpdate();
            assertThat(shop.bulk().published(Widget.class, List.of(1L, 2L, 3L, 99L))).isEqualTo(3);
          });

      assertThat(shop.compacted()).containsOnlyKeys("1", "2", "3");
      assertThat(shop.events())
          .filteredOn(event -> !event.key().equals("3"))
          .hasSize(2)
          .allSatisfy(event -> assertThat(event.payload()).containsEntry("name", "bulk"));
      assertThat(shop.compacted().get("3")).containsEntry("note", "unwatched, and not flushed yet");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"HIBERNATE", "ECLIPSELINK"})
  void compound_ids_and_joined_children_are_found_too(Provider provider, Postgres postgres)
      throws Exception {
    try (StoredShop shop = new StoredShop(provider, postgres)) {
      shop.shop.inTransaction(
          em -> {
            em.persist(new Seat("north", 1, "hard"));
            em.persist(new Seat("north", 2, "soft"));
            em.persist(new Vehicle(1, "A-1"));
            em.persist(new Car(2, "B-2", 4));
            Account account = new Account(7, "a@example.com");
            em.persist(account);
            Purchase purchase = new Purchase(5, "x", account);
            em.persist(purchase);
            em.persist(new Line(purchase, 1, 10));
          });
      shop.forgetEvents();

      shop.shop.inTransaction(
          em -> {
            shop.bulk().published(Seat.class, List.of(new Seat.SeatId("north", 2)));
            shop.bulk().published(Line.class, List.of(new LineId(5, 1)));
            shop.bulk().published(Vehicle.class, List.of(1L, 2L));
            for (String row : List.of("vehicle where id = 1", "vehicle where id = 2")) {
              assertThatThrownBy(
                      () ->
                          postgres.execute(
                              shop.shop.database(), "select 1 from " + row + " for update nowait"))
                  .hasStackTraceContaining("could not obtain lock");
            }
          });

      List<String> keys = shop.events().stream().map(Stored::key).toList();
      assertThat(keys)
          .startsWith("{\"hall\":\"north\",\"place\":2}", "{\"position\":1,\"purchase\":5}");
      assertThat(keys).hasSize(4).endsWith("1", "2");
      assertThat(shop.events().get(3).payload()).containsKey("doors");
      assertThatThrownBy(() -> shop.bulk().published(String.class, List.of(1)))
          .hasMessage(
              "java.lang.String is not @Published, and so there is nothing to publish it as");
    }
  }
}
