package io.drivetrain.entitysync.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.entitysync.internal.scan.StoredShop;
import io.drivetrain.entitysync.shop.Widget;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.transaction.Synchronization;
import jakarta.transaction.Transaction;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every provider, the real outbox and a real database: whatever transactions do and wherever they
 * end, what the events amount to is the table.
 */
@UsePostgres
class PublishingMatrixTest {

  /** Where a transaction is rolled back. */
  private enum End {
    COMMIT,
    ROLLBACK_BEFORE_FLUSH,
    ROLLBACK_AFTER_FLUSH,
    ROLLBACK_ONLY,
    ROLLBACK_ONLY_BEFORE_FLUSH,
    THROWN_IN_A_SYNCHRONIZATION
  }

  @ParameterizedTest
  @EnumSource(Provider.class)
  void each_kind_of_change_at_each_end(Provider provider, Postgres postgres) throws Exception {
    try (StoredShop stored = new StoredShop(provider, postgres)) {
      List<Shop.Work> changes =
          List.of(
              em -> em.persist(new Widget(10, "created", "1")),
              em -> em.find(Widget.class, 1L).setName("updated"),
              em -> em.remove(em.find(Widget.class, 1L)),
              em -> {
                em.remove(em.find(Widget.class, 1L));
                em.flush();
                em.persist(new Widget(1, "again", "3"));
              },
              em -> {
                for (int i = 20; i < 80; i++) {
                  em.persist(new Widget(i, "many", "1"));
                }
                em.find(Widget.class, 2L).setName("one of many");
                em.flush();
                em.clear();
                em.remove(em.find(Widget.class, 30L));
                em.find(Widget.class, 31L).setName("twice");
              });
      for (Shop.Work change : changes) {
        for (End end : End.values()) {
          reset(stored);
          String before = stored.table();
          run(stored, change, end);
          assertThat(stored.view()).as("%s", end).isEqualTo(stored.table());
          if (end != End.COMMIT) {
            assertThat(stored.table()).as("%s", end).isEqualTo(before);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"HIBERNATE", "HIBERNATE_WITH_BATCHING"})
  void a_flush_that_another_synchronization_makes_late(Provider provider, Postgres postgres)
      throws Exception {
    try (StoredShop stored = new StoredShop(provider, postgres)) {
      reset(stored);
      stored.shop.inTransaction(
          em -> {
            em.find(Widget.class, 1L).setName("early");
            em.flush();
            Narayana.registry()
                .registerInterposedSynchronization(
                    before(
                        () -> {
                          em.find(Widget.class, 1L).setName("late");
                          em.find(Widget.class, 2L).setName("late");
                          em.flush();
                          // Later than whatever has moved to the end.
                          Narayana.registry()
                              .registerInterposedSynchronization(
                                  before(
                                      () -> {
                                        em.find(Widget.class, 1L).setName("latest");
                                        em.remove(em.find(Widget.class, 3L));
                                        em.flush();
                                      }));
                        }));
          });

      assertThat(stored.view()).isEqualTo(stored.table()).contains("1=latest", "2=late");
    }
  }

  @Test
  void two_units_of_different_providers_in_one_transaction(Postgres postgres) throws Exception {
    try (StoredShop stored = new StoredShop(Provider.HIBERNATE, postgres);
        EntityManagerFactory second = stored.shop.unit(Provider.ECLIPSELINK)) {
      reset(stored);
      for (boolean commits : new boolean[] {false, true}) {
        Shop.Work both =
            em -> {
              em.find(Widget.class, 1L).setName("first unit");
              em.flush();
              // First used after the first event.
              EntityManager other = second.createEntityManager();
              other.find(Widget.class, 2L).setName("second unit");
              if (!commits) {
                other.flush();
                throw new Planned();
              }
            };
        try {
          stored.shop.inTransaction(both);
        } catch (Planned e) {
          assertThat(commits).isFalse();
        }
        assertThat(stored.view()).isEqualTo(stored.table());
      }
      assertThat(stored.table()).contains("1=first unit", "2=second unit");
    }
  }

  /** Transactions of random changes, some within others. */
  @ParameterizedTest
  @EnumSource(Provider.class)
  void random_transactions(Provider provider, Postgres postgres) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (StoredShop stored = new StoredShop(provider, postgres)) {
      reset(stored);
      for (int i = 0; i < 60; i++) {
        End end = End.values()[random.nextInt(End.values().length)];
        run(
            stored,
            em -> {
              randomly(em, random, 0);
              if (random.nextInt(4) == 0) {
                Transaction outer = Narayana.manager().suspend();
                // Rows of its own, or it would wait for the one it interrupts.
                run(stored, inner -> randomly(inner, random, 20), End.COMMIT);
                Narayana.manager().resume(outer);
              }
              randomly(em, random, 0);
            },
            end);
        assertThat(stored.view())
            .as("seed %d, transaction %d, %s", seed, i, end)
            .isEqualTo(stored.table());
      }
    }
  }

  private static void randomly(EntityManager em, Random random, int from) {
    for (int i = random.nextInt(4); i >= 0; i--) {
      long id = from + 1 + random.nextInt(8);
      Widget widget = em.find(Widget.class, id);
      if (widget == null) {
        em.persist(new Widget(id, "n" + random.nextInt(1000), "1"));
      } else if (random.nextInt(3) == 0) {
        em.remove(widget);
        // A provider inserts before it deletes, and this id may be given again.
        em.flush();
      } else {
        widget.setName("n" + random.nextInt(1000));
      }
      if (random.nextBoolean()) {
        em.flush();
        if (random.nextInt(3) == 0) {
          em.clear();
        }
      }
    }
    // A removed one that is found again before the flush would be null, and persisted a second
    // time.
    em.flush();
  }

  private static void run(StoredShop stored, Shop.Work change, End end) throws Exception {
    try {
      stored.shop.inTransaction(
          em -> {
            if (end == End.ROLLBACK_ONLY_BEFORE_FLUSH) {
              em.find(Widget.class, 2L);
              Narayana.user().setRollbackOnly();
            }
            change.with(em);
            switch (end) {
              case ROLLBACK_BEFORE_FLUSH -> throw new Planned();
              case ROLLBACK_AFTER_FLUSH -> {
                em.flush();
                throw new Planned();
              }
              case ROLLBACK_ONLY -> {
                em.flush();
                Narayana.user().setRollbackOnly();
              }
              case THROWN_IN_A_SYNCHRONIZATION ->
                  Narayana.registry()
                      .registerInterposedSynchronization(
                          before(
                              () -> {
                                throw new Planned();
                              }));
              default -> {
                // Goes on to the commit.
              }
            }
          });
      assertThat(end).isIn(End.COMMIT, End.ROLLBACK_ONLY, End.ROLLBACK_ONLY_BEFORE_FLUSH);
    } catch (Exception e) {
      if (end == End.COMMIT) {
        throw e;
      }
    }
  }

  private static void reset(StoredShop stored) throws Exception {
    stored.shop.inTransaction(
        em -> {
          em.createQuery("select w from Widget w", Widget.class)
              .getResultList()
              .forEach(em::remove);
          em.flush();
          for (int i = 1; i <= 3; i++) {
            em.persist(new Widget(i, "w" + i, "1"));
          }
        });
  }

  /** A rollback on purpose. */
  private static final class Planned extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static Synchronization before(Runnable work) {
    return new Synchronization() {
      @Override
      public void beforeCompletion() {
        work.run();
      }

      @Override
      public void afterCompletion(int status) {}
    };
  }
}
