package io.drivetrain.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class SchemasTest {
  private static final Schema V1 = Schemas.load("versions/v1.avsc");
  private static final Schema V2 = Schemas.load("versions/v2.avsc");

  private static Schema order(String fields) {
    return new Schema.Parser()
        .parse(("{'type':'record','name':'Order','fields':[" + fields + "]}").replace('\'', '"'));
  }

  @Test
  void a_field_with_a_default_may_be_added_and_one_without_may_go_but_not_both_ways() {
    assertThat(Schemas.compatible(Compatibility.BACKWARD, V2, V1).isCompatible()).isTrue();
    assertThat(Schemas.compatible(Compatibility.FORWARD, V2, V1).incompatibilities())
        .containsExactly(
            "the previous version cannot read the next: /fields/1 needs a default, because the"
                + " field gone was not there");
    assertThat(Schemas.compatible(V1, V2).isCompatible()).isFalse();
    assertThat(Schemas.compatible(V1, V1).isCompatible()).isTrue();
  }

  @Test
  void every_incompatibility_is_listed() {
    Schema before = order("{'name':'id','type':'int'},{'name':'kind','type':'string'}");
    Schema after = order("{'name':'id','type':'string'},{'name':'kind','type':'int'}");

    CompatibilityReport report = Schemas.compatible(Compatibility.BACKWARD, after, before);

    assertThat(report.incompatibilities()).hasSize(2);
    assertThat(report.toString()).startsWith("BACKWARD: the next version cannot read");
  }

  @Test
  void texts_are_compared_too() {
    assertThat(Schemas.compatible("\"int\"", "\"int\"").isCompatible()).isTrue();
    assertThat(Schemas.compatible("\"int\"", "\"long\"").isCompatible()).isFalse();
  }

  @Test
  void a_payload_is_checked_without_being_sent() {
    assertThat(Schemas.problems(V1, Map.of("id", 1, "gone", "x"))).isEmpty();
    assertThat(Schemas.problems(V1, Map.of("id", "x"))).hasSize(2);
  }

  @Test
  void types_of_other_files_are_loaded_with_a_schema() {
    assertThat(Schemas.load("com.example.Order").getField("address").schema().getTypes().get(1))
        .extracting(Schema::getFullName)
        .isEqualTo("com.example.sales.Address");
    assertThatThrownBy(() -> Schemas.load("com.example.Nothing"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no schema com.example.Nothing on the class path");
  }
}
