package io.drivetrain.schema;

import static io.drivetrain.schema.TopicsTest.settings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.schema.settings.SettingsException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicFormatTest {

  /** A value as an application declares it. */
  public record Order(long id, Customer customer) {}

  /** One with a getter. */
  public static class Customer {
    /** A getter. */
    public String getName() {
      return "anna";
    }
  }

  private static TopicFormat orders(String... keysAndValues) {
    return TopicFormat.of(settings(keysAndValues), "orders");
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  @Test
  void unless_something_is_set_a_record_may_have_a_plain_key_and_need_not() {
    assertThat(text(orders().key(42L, "v"))).isEqualTo("42");
    assertThat(orders().key(null, "v")).isNull();
  }

  @Test
  void a_plain_key_is_required_once_it_is_said() {
    TopicFormat format = orders("drivetrain.topics.orders.key", "plain");

    assertThat(text(format.encode("a", Map.of()).key())).isEqualTo("a");
    assertThatThrownBy(() -> format.encode(null, Map.of()))
        .isInstanceOf(CodecException.class)
        .hasMessage("topic orders: a record without a key; its key is plain, so it needs one");
  }

  @Test
  void none_means_none() {
    TopicFormat format = orders("drivetrain.topics.orders.key", "none");

    assertThat(format.encode(null, Map.of()).key()).isNull();
    assertThatThrownBy(() -> format.encode("a", Map.of()))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("its records have no key (key=none), and one was given");
  }

  @Test
  void a_field_of_the_value_is_the_key_of_maps_records_and_getters() {
    TopicFormat byId = orders("drivetrain.topics.orders.key-field", "id");
    TopicFormat byName = orders("drivetrain.topics.orders.key-field", "customer.name");

    assertThat(text(byId.key(null, Map.of("id", 7)))).isEqualTo("7");
    assertThat(text(byId.key(null, new Order(8, null)))).isEqualTo("8");
    assertThat(text(byName.key(null, new Order(8, new Customer())))).isEqualTo("anna");
    assertThat(text(byName.key(null, Map.of("customer", Map.of("name", "bo"))))).isEqualTo("bo");
  }

  @Test
  void a_key_that_is_given_counts_for_more_than_the_field() {
    TopicFormat format = orders("drivetrain.topics.orders.key-field", "id");

    assertThat(text(format.key("given", Map.of("id", 7)))).isEqualTo("given");
    assertThat(text(format.key(7, null))).isEqualTo("7");
  }

  @Test
  void a_field_that_is_null_or_absent_or_of_a_tombstone_is_no_key() {
    TopicFormat format = orders("drivetrain.topics.orders.key-field", "id");

    assertThatThrownBy(() -> format.encode(null, Map.of("name", "x")))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("a record without a key");
    assertThatThrownBy(() -> format.encode(null, null))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("a tombstone has no field");
    assertThatThrownBy(() -> format.encode(null, new Customer()))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("has no id");
  }

  @Test
  void settings_are_those_of_the_name_without_the_prefix() {
    TopicFormat format =
        TopicFormat.of(
            settings(
                "drivetrain.topic-prefix", "test-",
                "drivetrain.topics.orders.codec", "string"),
            "orders");

    assertThat(format.topic()).isEqualTo("test-orders");
    assertThat(format.values()).isSameAs(Codecs.string());
  }

  @Test
  void the_same_application_has_one_format_of_a_topic() {
    var settings = settings();

    assertThat(TopicFormat.of(settings, "orders")).isSameAs(TopicFormat.of(settings, "orders"));
    assertThat(TopicFormat.of(settings(), "orders"))
        .isNotSameAs(TopicFormat.of(settings, "orders"));
  }

  @Test
  void a_misspelt_setting_is_refused_and_a_topic_with_a_longer_name_is_left_alone() {
    assertThatThrownBy(() -> orders("drivetrain.topics.orders.kodec", "json"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "drivetrain.topics.orders.kodec is not a setting; did you mean"
                + " drivetrain.topics.orders.codec?");
    assertThat(orders("drivetrain.topics.orders.v2.codec", "string").values())
        .isSameAs(Codecs.json());
  }

  @Test
  void what_cannot_be_is_refused_at_deployment() {
    assertThatThrownBy(() -> orders("drivetrain.topics.orders.key", "schema"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("drivetrain.topics.orders.key is 'schema'");
    assertThatThrownBy(() -> orders("drivetrain.topics.orders.key", "field"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("drivetrain.topics.orders.key-field is not set");
    assertThatThrownBy(() -> orders("drivetrain.topics.orders.codec", "avro"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "drivetrain.topics.orders.codec is 'avro'; expected one of json, string, bytes; for"
                + " avro, add io.drivetrain:drivetrain-avro");
  }

  @Test
  void channels_take_text_for_the_encoded_value_and_the_outbox_does_not() {
    assertThat(text(orders().encodeOfChannel(null, "{}").value())).isEqualTo("{}");
    assertThat(text(orders().encode(null, "{}").value())).isEqualTo("\"{}\"");
  }
}
