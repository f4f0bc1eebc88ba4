package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.jpa.Provider;
import io.drivetrain.entitysync.shop.Offer;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What publishing adds to a transaction that loads and changes one entity; see docs/benchmarks.md.
 * Published and unpublished transactions take turns in small groups, so that both meet the same
 * machine.
 */
@UsePostgres
@EnabledIfSystemProperty(named = "benchmark.publish", matches = "\\d+")
class PublishOverhead {
  private static final int ROWS = 1_000;
  private static final int GROUP = 50;

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"HIBERNATE", "ECLIPSELINK"})
  void of_a_transaction_that_changes_one_entity(Provider provider, Postgres postgres)
      throws Exception {
    int groups = Integer.getInteger("benchmark.publish");
    try (StoredShop shop = new StoredShop(provider, postgres)) {
      shop.shop.inTransaction(
          em -> {
            for (int i = 1; i <= ROWS; i++) {
              for (Offer offer : new Offer[] {new Offer.Loud(), new Offer.Silent()}) {
                offer.set(i, "offer number " + i);
                em.persist(offer);
              }
            }
          });
      double[] silent = new double[groups];
      double[] loud = new double[groups];
      for (int group = -groups / 4; group < groups; group++) {
        double without = group(shop, Offer.Silent.class);
        double with = group(shop, Offer.Loud.class);
        if (group >= 0) {
          silent[group] = without;
          loud[group] = with;
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%s: %.3f ms unpublished, %.3f ms published, x %.3f (medians of %d groups of %d)%n",
          provider,
          median(silent),
          median(loud),
          median(loud) / median(silent),
          groups,
          GROUP);
    }
  }

  private static int next;

  /** Milliseconds of a transaction. */
  private static double group(StoredShop shop, Class<? extends Offer> type) throws Exception {
    long begin = System.nanoTime();
    for (int i = 0; i < GROUP; i++) {
      long id = 1 + Math.floorMod(next++, ROWS);
      String name = "changed " + next;
      shop.shop.inTransaction(em -> em.find(type, id).setName(name));
    }
    return (System.nanoTime() - begin) / 1e6 / GROUP;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
