package io.drivetrain.entitysync.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.entitysync.shop.Article;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Proves that the run that is called woven is. */
class WeavingTest {

  @Test
  void entity_classes_are_woven_if_and_only_if_this_run_says_so() {
    boolean woven =
        Arrays.stream(Article.class.getDeclaredMethods())
            .anyMatch(method -> method.getName().equals("_persistence_set_title"));

    assertThat(woven).isEqualTo(Boolean.getBoolean("woven"));
  }
}
