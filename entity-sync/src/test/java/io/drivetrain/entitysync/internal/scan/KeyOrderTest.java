package io.drivetrain.entitysync.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.entitysync.shop.Line;
import io.drivetrain.entitysync.shop.Line.LineId;
import io.drivetrain.entitysync.shop.Seat;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeyOrderTest {
  private static final KeyOrder SEATS = new KeyOrder(KeyPath.ofId(EntityShape.of(Seat.class)));

  @Test
  void what_is_behind_a_key_of_several_parts_is_spelled_out() {
    Map<String, Object> parameters = new HashMap<>();

    assertThat(SEATS.after(List.of("north", 3), parameters))
        .isEqualTo("(e.id.hall > :after0 or (e.id.hall = :after0 and e.id.place > :after1))");
    assertThat(SEATS.upTo(List.of("north", 3), parameters))
        .isEqualTo("(e.id.hall < :upto0 or (e.id.hall = :upto0 and e.id.place <= :upto1))");
    assertThat(SEATS.after(List.of("north"), new HashMap<>())).isEqualTo("e.id.hall > :after0");
    assertThat(parameters).containsEntry("after0", "north").containsEntry("upto1", 3);
  }

  @Test
  void an_association_in_an_id_is_ordered_by_the_other_entitys_id() {
    assertThat(new KeyOrder(KeyPath.ofId(EntityShape.of(Line.class))).select())
        .isEqualTo("e.purchase.id, e.position");
    assertThat(KeyPath.valuesOf(EntityShape.of(Line.class), new LineId(5, 1)))
        .containsExactly(5, 1);
    assertThat(KeyPath.valuesOf(EntityShape.of(Seat.class), new Seat.SeatId("n", 2)))
        .containsExactly("n", 2);
  }

  @Test
  void a_stored_key_comes_back_as_it_was() {
    List<Object> key =
        List.of(
            Long.MAX_VALUE,
            UUID.randomUUID(),
            "quoted \" and é",
            Instant.parse("2026-01-31T10:15:30.123456Z"));
    KeyOrder order =
        new KeyOrder(
            List.of(
                new KeyPath("a", long.class),
                new KeyPath("b", UUID.class),
                new KeyPath("c", String.class),
                new KeyPath("d", Instant.class)));

    assertThat(order.restore(order.store(key))).isEqualTo(key);
    assertThatThrownBy(() -> SEATS.restore("[1,2,3]"))
        .hasMessageContaining("the entity has changed since");
  }
}
