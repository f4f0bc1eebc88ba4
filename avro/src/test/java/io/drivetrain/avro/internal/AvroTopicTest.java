package io.drivetrain.avro.internal;

import static io.drivetrain.avro.internal.TestSettings.orders;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.Encoded;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.settings.SettingsException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic in Avro with schemas of the class path alone. */
class AvroTopicTest {
  private static final String ORDER = "com.example.Order";

  private final TopicFormat format = orders("schema", ORDER);

  private static Map<String, Object> order() {
    return new HashMap<>(
        Map.of("id", 5, "customer", "anna", "address", Map.of("street", "Rue X", "country", "FR")));
  }

  private Object decoded(byte[] value, Class<?> type) {
    return format.values().decode("orders", value, type);
  }

  private static Schema schema() {
    return new LocalSchemas("schemas").load(ORDER);
  }

  @Test
  @SuppressWarnings("unchecked") // Names are text.
  void a_map_comes_back_as_plain_values_with_defaults_and_what_is_filled_in() {
    Instant before = Instant.now().minusMillis(1);

    Map<String, Object> back =
        (Map<String, Object>) decoded(format.encode(null, order()).value(), Map.class);

    assertThat(back)
        .containsEntry("id", 5L)
        .containsEntry("customer", "anna")
        .containsEntry("note", null)
        .containsEntry("quantity", 1)
        .containsEntry("address", Map.of("street", "Rue X", "country", "FR"));
    assertThat(UUID.fromString((String) back.get("message_id"))).isNotNull();
    assertThat(Instant.parse((String) back.get("timestamp"))).isAfter(before);
  }

  @Test
  void a_generic_record_is_written_by_its_own_schema_and_stays_as_it_is() {
    GenericRecord record = new GenericData.Record(schema());
    record.put("id", 5L);
    record.put("customer", "anna");
    record.put("quantity", 2);

    GenericRecord back =
        (GenericRecord) decoded(format.encode(null, record).value(), GenericRecord.class);

    assertThat(back.get("quantity")).isEqualTo(2);
    assertThat(back.get("message_id")).isNotNull();
    assertThat(record.get("message_id")).isNull();
  }

  @Test
  void a_generated_class_is_written_and_is_what_a_method_may_take(@TempDir Path directory)
      throws Exception {
    try (Generated classes = Generated.of(directory, schema())) {
      SpecificRecord order = classes.instance(ORDER, "id", 5L, "customer", "anna", "quantity", 3);

      byte[] bytes = format.encode(null, order).value();
      SpecificRecord back = (SpecificRecord) decoded(bytes, classes.type(ORDER));

      assertThat(back).isInstanceOf(classes.type(ORDER));
      assertThat(back.get(0)).isEqualTo(5L);
      assertThat(back.get(1)).isEqualTo("anna");
      assertThat(back.get(5)).isInstanceOf(String.class);
      assertThat((Instant) back.get(6)).isAfter(Instant.EPOCH);
      assertThat(decoded(bytes, Map.class)).isInstanceOf(Map.class);
    }
  }

  /** Where to, as a part of a value. */
  public record Address(String street, String country) {}

  /** What an application publishes. */
  record Purchase(long id, String customer, Address address) {}

  /** What another application takes of it. */
  public record Seen(long id, String customer, int quantity, Instant timestamp, Address address) {}

  @Test
  void a_java_record_is_written_and_is_what_a_method_may_take() {
    byte[] bytes = format.encode(null, new Purchase(5, "anna", new Address("Rue X", "FR"))).value();

    Seen back = (Seen) decoded(bytes, Seen.class);

    assertThat(back.id()).isEqualTo(5);
    assertThat(back.customer()).isEqualTo("anna");
    assertThat(back.quantity()).as("the schema's default").isEqualTo(1);
    assertThat(back.timestamp()).as("filled in").isAfter(Instant.EPOCH);
    assertThat(back.address()).isEqualTo(new Address("Rue X", "FR"));
  }

  /** Has not what the schema says. */
  record Wrong(String id, Address address, String note2) {}

  @Test
  void a_java_record_that_does_not_fit_has_all_its_problems_listed() {
    assertThatThrownBy(() -> format.encode(null, new Wrong("x", new Address(null, "FR"), "n")))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("id is x (String)")
        .hasMessageContaining("customer is missing")
        .hasMessageContaining("address.street is null")
        .hasMessageContaining("note2 is no field of com.example.Order; did you mean note?");
  }

  /** Takes a text for a number. */
  public record Misread(Instant customer) {}

  @Test
  void a_java_record_that_cannot_take_what_is_read_is_told() {
    byte[] bytes = format.encode(null, order()).value();

    assertThatThrownBy(() -> decoded(bytes, Misread.class))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("a com.example.Order does not fit the Java record")
        .hasMessageContaining("Misread");
  }

  @Test
  void a_generated_class_alone_is_a_schema_too(@TempDir Path directory) throws Exception {
    Schema alone =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"Alone\",\"namespace\":\"com.example.gen\","
                    + "\"fields\":[{\"name\":\"id\",\"type\":\"long\"}]}");
    try (Generated classes = Generated.of(directory, alone)) {
      TopicFormat topic = orders("schema", "com.example.gen.Alone");

      byte[] bytes = topic.encode(null, Map.of("id", 4)).value();

      assertThat(
              ((SpecificRecord)
                      topic.values().decode("orders", bytes, classes.type("com.example.gen.Alone")))
                  .get(0))
          .isEqualTo(4L);
    }
  }

  @Test
  void an_invalid_generated_object_has_all_its_problems_listed(@TempDir Path directory)
      throws Exception {
    try (Generated classes = Generated.of(directory, schema())) {
      SpecificRecord order = classes.instance(ORDER, "id", 5L);
      SpecificRecord address = classes.instance("com.example.sales.Address");
      order.put(4, address);

      assertThatThrownBy(() -> format.encode(null, order))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("customer is null; expected text")
          .hasMessageContaining("address.street is null; expected text")
          .hasMessageContaining("address.country is null; expected one of FR, GB");
    }
  }

  @Test
  void all_problems_of_a_map_are_in_one_exception_with_topic_and_schema() {
    Map<String, Object> wrong = order();
    wrong.put("id", 4.5);
    wrong.put("quantity", "many");
    wrong.remove("customer");

    assertThatThrownBy(() -> format.encode(null, wrong))
        .isInstanceOf(CodecException.class)
        .hasMessage(
            "topic orders: the value does not fit com.example.Order: id is 4.5 (Double); expected a"
                + " whole number from -2^63 to 2^63-1 (for a moment, the schema needs a"
                + " logicalType); customer is missing; expected text; quantity is many (String);"
                + " expected a whole number from -2^31 to 2^31-1");
  }

  @Test
  void names_that_the_schema_has_not_are_refused_unless_they_are_to_be_ignored() {
    Map<String, Object> more = order();
    more.put("colour", "red");

    assertThatThrownBy(() -> format.encode(null, more))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("colour is no field of com.example.Order");
    assertThat(orders("schema", ORDER, "unknown-fields", "ignore").encode(null, more).value())
        .isNotEmpty();
  }

  @Test
  void a_value_given_is_never_filled_over_and_a_tombstone_gets_nothing() {
    Map<String, Object> given = order();
    given.put("message_id", "mine");
    given.put("timestamp", Instant.parse("2026-01-31T10:15:30.123Z"));

    assertThat((Map<?, ?>) decoded(format.encode(null, given).value(), Map.class))
        .extracting("message_id", "timestamp")
        .containsExactly("mine", "2026-01-31T10:15:30.123Z");
    assertThat(format.encode("5", null).value()).isNull();
  }

  @Test
  void a_timestamp_that_is_a_plain_number_is_not_guessed() {
    TopicFormat plain = orders("schema", "plain-timestamp.avsc");

    assertThatThrownBy(() -> plain.encode(null, Map.of()))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("timestamp is missing");
    assertThat(plain.encode(null, Map.of("timestamp", 5)).value()).isNotEmpty();
  }

  @Test
  void a_reader_gets_by_its_own_schema_what_another_version_wrote() {
    TopicFormat old = orders("schema", "versions/v1.avsc");
    TopicFormat next = orders("schema", "versions/v2.avsc", "former-schemas", "versions/v1.avsc");

    byte[] written = old.encode(null, Map.of("id", 1, "gone", "x")).value();

    assertThat((Map<?, ?>) next.values().decode("orders", written, Map.class))
        .isEqualTo(Map.of("id", 1L, "added", "none"));
    assertThatThrownBy(
            () ->
                old.values()
                    .decode("orders", next.encode(null, Map.of("id", 1)).value(), Map.class))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("former-schemas");
  }

  @Test
  void bytes_that_are_not_such_a_record_are_refused_without_being_quoted() {
    assertThatThrownBy(() -> decoded("s3cret-payload".getBytes(), Map.class))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("topic orders: not Avro's single-object encoding")
        .hasMessageNotContaining("s3cret");
    byte[] cut = format.encode(null, order()).value();
    assertThatThrownBy(() -> decoded(java.util.Arrays.copyOf(cut, cut.length - 3), Map.class))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("written as com.example.Order, it cannot be read");
    assertThatThrownBy(() -> decoded(java.util.Arrays.copyOf(cut, cut.length + 1), Map.class))
        .isInstanceOf(CodecException.class);
  }

  @Test
  void another_type_of_record_is_refused_both_ways() {
    GenericRecord other =
        new GenericData.Record(new LocalSchemas("schemas").load("com.example.sales.Address"));

    assertThatThrownBy(() -> format.encode(null, other))
        .isInstanceOf(CodecException.class)
        .hasMessage(
            "topic orders: its schema is com.example.Order, and the value is a"
                + " com.example.sales.Address");
    assertThatThrownBy(() -> decoded(format.encode(null, order()).value(), Integer.class))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("cannot become a java.lang.Integer");
  }

  @Test
  void text_is_a_value_like_any_other_and_not_encoded_already() {
    TopicFormat text = orders("schema", "text.avsc");

    byte[] bytes = text.encodeOfChannel(null, "hello").value();

    assertThat(bytes).hasSize(10 + 1 + 5);
    assertThat(text.values().decode("orders", bytes, String.class)).isEqualTo("hello");
    assertThatThrownBy(() -> format.encodeOfChannel(null, "hello"))
        .isInstanceOf(CodecException.class);
  }

  @Test
  void a_key_is_a_record_of_the_field_and_comes_back_as_the_field() {
    TopicFormat keyed = orders("schema", ORDER, "key-field", "id");

    Encoded encoded = keyed.encode(null, order());

    assertThat(keyed.key("5", null)).isEqualTo(encoded.key());
    assertThat(keyed.keys().orElseThrow().decode(encoded.key(), Object.class)).isEqualTo(5L);
    assertThat(keyed.keys().orElseThrow().decode(encoded.key(), String.class)).isEqualTo("5");
    assertThat(keyed.keys().orElseThrow().decode(encoded.key(), Map.class))
        .isEqualTo(Map.of("id", 5L));
    assertThatThrownBy(() -> keyed.keys().orElseThrow().decode(encoded.key(), UUID.class))
        .isInstanceOf(CodecException.class)
        .hasMessage("topic orders: a key of com.example.Order_key cannot become a java.util.UUID");
  }

  @Test
  void the_keys_schema_is_generated_with_the_values_name() {
    Schema key = KeySchemas.of(schema(), "setting", "id");

    assertThat(key)
        .hasToString(
            "{\"type\":\"record\",\"name\":\"Order_key\",\"namespace\":\"com.example\","
                + "\"doc\":\"Key for com.example.Order\",\"fields\":[{\"name\":\"id\","
                + "\"type\":\"long\"}]}");
  }

  @Test
  void the_field_may_be_one_that_is_filled_in_and_one_of_a_record_within() {
    TopicFormat byMessage = orders("schema", ORDER, "key-field", "message_id");
    TopicFormat nested = orders("schema", "nested.avsc", "key-field", "customer.id");

    Encoded encoded = byMessage.encode(null, order());
    Object id = ((Map<?, ?>) decoded(encoded.value(), Map.class)).get("message_id");

    assertThat(byMessage.keys().orElseThrow().decode(encoded.key(), String.class)).isEqualTo(id);
    assertThat(
            nested
                .keys()
                .orElseThrow()
                .decode(nested.encode(null, Map.of("customer", Map.of("id", 3))).key(), Long.class))
        .isEqualTo(3L);
  }

  @Test
  void a_field_that_cannot_be_a_key_is_refused_at_deployment() {
    assertThatThrownBy(() -> orders("schema", ORDER, "key-field", "note"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "drivetrain.topics.orders.key-field is 'note'; expected a field that is string, int,"
                + " long, bytes, boolean, float or double and never null; in com.example.Order it"
                + " is the union [null, string]");
    assertThatThrownBy(() -> orders("schema", ORDER, "key-field", "address"))
        .isInstanceOf(SettingsException.class);
    assertThatThrownBy(() -> orders("schema", ORDER, "key-field", "timestamp"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("it is timestamp-millis");
    assertThatThrownBy(() -> orders("schema", ORDER, "key-field", "idd"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("a field of com.example.Order, which has id, customer");
  }

  @Test
  void a_key_of_a_schema_is_a_map_or_a_record_and_required() {
    TopicFormat keyed =
        orders("schema", ORDER, "key", "schema", "key-schema", "com.example.OrderKey");

    byte[] key = keyed.key(Map.of("region", "eu", "id", 5), null);

    assertThat(keyed.keys().orElseThrow().decode(key, Object.class))
        .isEqualTo(Map.of("region", "eu", "id", 5L));
    assertThat(keyed.keys().orElseThrow().decode(key, GenericRecord.class))
        .isInstanceOf(GenericRecord.class);
    assertThatThrownBy(() -> keyed.encode(null, order()))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("a record without a key; its key is schema");
    assertThatThrownBy(() -> keyed.key("eu", null))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("the key does not fit com.example.OrderKey");
    assertThatThrownBy(() -> keyed.key(Map.of("region", "eu"), null))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("id is missing");
    assertThatThrownBy(() -> keyed.keys().orElseThrow().decode(key, String.class))
        .isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> keyed.keys().orElseThrow().decode(new byte[] {1}, Map.class))
        .isInstanceOf(CodecException.class);
  }

  @Test
  void plain_keys_stay_plain_beside_avro() {
    TopicFormat keyed = orders("schema", ORDER, "key", "plain");

    assertThat(keyed.keys()).isEmpty();
    assertThat(keyed.key(5, null)).containsExactly('5');
  }

  @Test
  void entities_learn_which_fields_there_are() {
    assertThat(format.values().fields().orElseThrow())
        .containsExactly(
            "id", "customer", "note", "quantity", "address", "message_id", "timestamp");
  }

  @Test
  void what_is_configured_wrongly_is_a_sentence() {
    assertThatThrownBy(() -> orders())
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "drivetrain.topics.orders.schema is not set, nor is drivetrain.schema-registry.url;"
                + " expected a schema's full name, or its .avsc on the class path");
    assertThatThrownBy(() -> orders("schema", "com.example.Nothing"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("looked for schemas/com/example/Nothing.avsc");
    assertThatThrownBy(() -> orders("schema", ORDER, "shema", "x"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("did you mean drivetrain.topics.orders.schema?");
    assertThatThrownBy(() -> orders("schema", ORDER, "key", "schema"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("key-schema is not set");
    assertThatThrownBy(() -> orders("schema", "broken.avsc"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("broken.avsc is no");
    assertThatThrownBy(() -> orders("schema", ORDER, "unknown-fields", "drop"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("expected one of refuse, ignore");
  }

  @Test
  void schemas_may_lie_elsewhere() {
    assertThat(
            orders("schema", "Order", "drivetrain.schemas.path", "versions/other")
                .values()
                .fields()
                .orElseThrow())
        .isEqualTo(java.util.Set.of("other"));
  }

  @Test
  void the_type_parameters_of_a_map_do_not_matter() throws Exception {
    class Methods {
      @SuppressWarnings("unused")
      void take(Map<String, Object> order) {}
    }
    var type = Methods.class.getDeclaredMethod("take", Map.class).getGenericParameterTypes()[0];

    assertThat(format.values().decode("orders", format.encode(null, order()).value(), type))
        .isInstanceOf(Map.class);
    assertThat(List.of(format.values().name())).containsExactly("avro");
  }
}
