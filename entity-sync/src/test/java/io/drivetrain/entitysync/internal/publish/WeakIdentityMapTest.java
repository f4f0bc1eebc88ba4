package io.drivetrain.entitysync.internal.publish;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.entitysync.jpa.Shop;
import io.drivetrain.entitysync.shop.Account;
import io.drivetrain.entitysync.shop.Purchase;
import io.drivetrain.schema.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

class WeakIdentityMapTest {

  @Test
  void equal_objects_are_different_keys() {
    WeakIdentityMap<Object, String> map = new WeakIdentityMap<>();
    List<Integer> one = new ArrayList<>(List.of(1));
    List<Integer> other = new ArrayList<>(List.of(1));
    map.put(one, "one");
    one.add(2);

    assertThat(map.get(one)).isEqualTo("one");
    assertThat(map.get(other)).isNull();
    map.put(one, "again");
    assertThat(map.get(one)).isEqualTo("again");
    assertThat(map.size()).isOne();
    map.remove(one);
    assertThat(map.get(one)).isNull();
  }

  @Test
  void what_is_remembered_of_an_entity_goes_with_it() {
    List<Publication> publications =
        new Publications(Settings.of(ConfigProvider.getConfig()), Shop::publisher)
            .of(Purchase.class);
    WeakIdentityMap<Object, Memory> map = new WeakIdentityMap<>();
    List<Object> kept = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Purchase purchase = new Purchase(i, "x", new BackReference(i));
      ((BackReference) purchase.account).purchase = purchase;
      map.put(purchase, Memory.of(publications, purchase));
      if (i % 100 == 0) {
        kept.add(purchase);
      }
    }

    eventually(
        () -> {
          System.gc();
          assertThat(map.size()).isEqualTo(kept.size());
        });
    assertThat(kept).allSatisfy(entity -> assertThat(map.get(entity)).isNotNull());
  }

  /** The entity referred to refers back. */
  private static final class BackReference extends Account {
    Purchase purchase;

    BackReference(int id) {
      super(id, "mail");
    }
  }
}
