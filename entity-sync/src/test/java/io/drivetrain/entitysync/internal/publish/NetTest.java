package io.drivetrain.entitysync.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.entitysync.Published.Change;
import io.drivetrain.entitysync.internal.publish.Net.Event;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetTest {
  private static final Set<Change> ALL = EnumSet.allOf(Change.class);

  @Test
  void the_last_state_is_the_event() {
    Net<String, Integer> net = Net.created(null, "k", 1);
    net = Net.updated(net, "k", "k", 2, true);
    net = Net.updated(net, "k", "k", 3, false);

    assertThat(net.events(ALL)).containsExactly(new Event.Is<>("k", 3));
  }

  @Test
  void an_update_that_does_not_matter_is_no_change() {
    assertThat(Net.updated((Net<String, Integer>) null, "k", "k", 1, false)).isNull();
  }

  @Test
  void created_and_deleted_is_no_change() {
    assertThat(Net.deleted(Net.created((Net<String, Integer>) null, "k", 1), "k", null)).isNull();
  }

  @Test
  void deleted_and_created_keeps_both_and_deleted_again_is_one_tombstone() {
    Net<String, Integer> net = Net.created(Net.deleted(null, "k", null), "k", 1);
    assertThat(net.events(ALL))
        .containsExactly(new Event.Gone<>("k", null), new Event.Is<>("k", 1));

    assertThat(Net.deleted(net, "k", null).events(ALL))
        .containsExactly(new Event.Gone<>("k", null));
  }

  @Test
  void a_changed_key_leaves_the_one_consumers_know() {
    Net<String, Integer> net = Net.updated(null, "old", "mid", 1, true);
    net = Net.updated(net, "mid", "new", 2, true);

    assertThat(net.events(ALL))
        .containsExactly(new Event.Gone<>("old", null), new Event.Is<>("new", 2));
    assertThat(Net.deleted(net, "new", null).events(ALL))
        .containsExactly(new Event.Gone<>("old", null));
  }

  @Test
  void only_published_kinds_of_change_are_events() {
    Net<String, Integer> created = Net.created(null, "k", 1);
    Net<String, Integer> replaced = Net.created(Net.deleted(null, "k", null), "k", 1);

    assertThat(created.events(Set.of(Change.UPDATE))).isEmpty();
    assertThat(replaced.events(Set.of(Change.CREATE))).containsExactly(new Event.Is<>("k", 1));
    assertThat(replaced.events(Set.of(Change.DELETE))).containsExactly(new Event.Gone<>("k", null));
  }

  /**
   * Consumers that apply the events end with the table, whatever happens in each transaction, and a
   * transaction never sends more than two events for an entity.
   */
  @Test
  void a_consumers_view_always_equals_the_table() {
    for (int round = 0; round < 20_000; round++) {
      long seed = round;
      Random random = new Random(seed);
      Map<String, Integer> view = new HashMap<>();
      String key = null;
      int state = 0;
      for (int transaction = 0; transaction < 4; transaction++) {
        String keyBefore = key;
        int stateBefore = state;
        Net<String, Integer> net = null;
        String loaded = key;
        for (int change = random.nextInt(6); change > 0; change--) {
          if (key == null) {
            key = "k" + random.nextInt(3);
            state = random.nextInt(1000);
            net = Net.created(net, key, state);
          } else if (random.nextInt(3) == 0) {
            net = Net.deleted(net, loaded, null);
            key = null;
          } else {
            if (random.nextInt(3) == 0) {
              key = "k" + random.nextInt(3);
            }
            boolean matters = random.nextBoolean() || !key.equals(loaded);
            if (matters) {
              state = random.nextInt(1000);
            }
            net = Net.updated(net, loaded, key, state, matters);
          }
          loaded = key;
        }
        if (random.nextInt(4) == 0) {
          key = keyBefore; // Rolled back.
          state = stateBefore;
          continue;
        }
        List<Event<String, Integer>> events = net == null ? new ArrayList<>() : net.events(ALL);
        assertThat(events).as("seed %d", seed).hasSizeLessThanOrEqualTo(2);
        events.forEach(event -> apply(view, event));
        assertThat(view).as("seed %d", seed).isEqualTo(key == null ? Map.of() : Map.of(key, state));
      }
    }
  }

  private static void apply(Map<String, Integer> view, Event<String, Integer> event) {
    if (event instanceof Event.Is<String, Integer> is) {
      view.put(is.key(), is.state());
    } else if (event instanceof Event.Gone<String, Integer> gone) {
      view.remove(gone.key());
    }
  }
}
