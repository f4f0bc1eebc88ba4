package io.drivetrain.entitysync.internal.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import io.drivetrain.entitysync.shop.Account;
import io.drivetrain.entitysync.shop.Article;
import io.drivetrain.entitysync.shop.Everything;
import io.drivetrain.entitysync.shop.Purchase;
import io.drivetrain.entitysync.shop.Widget;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OneToOne;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EntityShapeTest {

  @Embeddable
  record Point(int x, Integer y) {}

  @Entity
  static class Shape {
    @Id long id;
    Point at;
    transient int skipped;
    static int also;
    final List<String> unmapped = List.of();

    @OneToMany List<Shape> parts;

    @OneToOne(mappedBy = "parts")
    Shape whole;
  }

  @Test
  void basic_embedded_and_to_one_attributes_are_read_from_fields() {
    EntityShape shape = EntityShape.of(Purchase.class);

    assertThat(shape.attributes())
        .extracting(Attribute::name)
        .containsExactlyInAnyOrder("id", "item", "note", "account");
    assertThat(shape.require("account", "x").kind()).isEqualTo(Kind.REFERENCE);
    assertThat(EntityShape.of(Everything.class).require("address", "x").components())
        .extracting(Attribute::name)
        .containsExactly("street", "city");
    assertThat(EntityShape.of(Everything.class).find("ignored")).isEmpty();
    assertThat(EntityShape.of(Widget.class).find("tags")).isEmpty();
    assertThat(EntityShape.of(Widget.class).require("version", "x").isBookkeeping()).isTrue();
    assertThat(EntityShape.of(Shape.class).attributes())
        .extracting(Attribute::name)
        .containsExactly("id", "at");
  }

  @Test
  void property_access_is_told_by_where_the_id_is() {
    EntityShape shape = EntityShape.of(Account.class);
    Account account = new Account(5, "a");

    assertThat(shape.attributes())
        .extracting(Attribute::name)
        .containsExactlyInAnyOrder("id", "email");
    shape.require("email", "x").set(account, "b");
    assertThat(account.getEmail()).isEqualTo("b");
    assertThat(shape.idOf(account)).isEqualTo(5L);
  }

  @Test
  void a_generic_id_of_a_mapped_superclass_has_its_real_type() {
    assertThat(EntityShape.of(Article.class).simpleId().orElseThrow().type()).isEqualTo(UUID.class);
  }

  @Test
  void embedded_records_are_made_anew_from_old_and_new_components() {
    Shape shape = new Shape();
    shape.at = new Point(1, 2);

    assign(shape, Map.of("at", Map.of("x", 7)));
    assertThat(shape.at).isEqualTo(new Point(7, 2));

    Map<String, Object> nothing = new HashMap<>();
    nothing.put("at", null);
    assign(shape, nothing);
    assertThat(shape.at).isNull();

    assertThatThrownBy(() -> assign(shape, Map.of("at", Map.of("x", "one"))))
        .hasMessageStartingWith("at: x: 'one' does not fit int");
    assertThatThrownBy(() -> assign(shape, Map.of("at", 5)))
        .hasMessageContaining("expected an object with its attributes");
  }

  @Test
  void ids_and_versions_are_never_assigned() {
    Widget widget = new Widget(1, "a", "1");

    Assignment.assign(
        EntityShape.of(Widget.class),
        widget,
        Map.of("id", 9, "version", 9, "name", "b"),
        (type, id) -> null);

    assertThat(widget.id).isEqualTo(1L);
    assertThat(widget.version).isZero();
    assertThat(widget.name).isEqualTo("b");
  }

  @Test
  void what_is_no_entity_is_refused() {
    assertThatThrownBy(() -> EntityShape.of(String.class))
        .isInstanceOf(MappingException.class)
        .hasMessage("java.lang.String is not an @Entity");
  }

  private static void assign(Shape shape, Map<String, Object> payload) {
    Assignment.assign(EntityShape.of(Shape.class), shape, payload, (type, id) -> null);
  }
}
