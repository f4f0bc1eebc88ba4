package io.drivetrain.avro.internal;

import static io.drivetrain.avro.internal.TestSettings.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.drivetrain.avro.Schemas;
import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.Encoded;
import io.drivetrain.schema.RegistryUnavailableException;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.testkit.SchemaRegistry;
import io.drivetrain.testkit.UseSchemaRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** A topic whose schemas are in a real registry, alone and together with Apicurio's serializers. */
@UseSchemaRegistry
class RegistryTopicTest {
  private final SchemaRegistry server;
  private final String topic = "orders-" + UUID.randomUUID();

  RegistryTopicTest(SchemaRegistry server) {
    this.server = server;
  }

  private Settings settings(String... namesAndValues) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "drivetrain.schema-registry.url",
                server.url(),
                "drivetrain.topics." + topic + ".codec",
                "avro"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String name = namesAndValues[i];
      all.add(name.startsWith("drivetrain.") ? name : "drivetrain.topics." + topic + "." + name);
      all.add(namesAndValues[i + 1]);
    }
    return Settings.of(config(all.toArray(String[]::new)));
  }

  private TopicFormat format(String... namesAndValues) {
    return TopicFormat.of(settings(namesAndValues), topic);
  }

  private Map<String, Object> apicurio() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("apicurio.registry.url", server.apicurioUrl());
    properties.put("apicurio.registry.auto-register", "true");
    properties.put(
        "apicurio.registry.artifact-resolver-strategy",
        "io.apicurio.registry.serde.strategy.TopicIdStrategy");
    return properties;
  }

  private List<String> subjects() throws Exception {
    String body =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(server.url() + "/subjects")).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return List.of(body.replaceAll("[\\[\\]\"]", "").split(","));
  }

  @Test
  void values_and_keys_are_framed_with_ids_of_subjects_that_have_the_prefix() throws Exception {
    TopicFormat format =
        format(
            "schema", "versions/v2.avsc", "key-field", "id", "drivetrain.topic-prefix", "staging.");

    Encoded encoded = format.encode(null, Map.of("id", 7));

    assertThat(encoded.value()[0]).isZero();
    assertThat(encoded.key()[0]).isZero();
    assertThat(format.values().decode(format.topic(), encoded.value(), Map.class))
        .isEqualTo(Map.of("id", 7L, "added", "none"));
    assertThat(format.keys().orElseThrow().decode(encoded.key(), Long.class)).isEqualTo(7L);
    assertThat(subjects()).contains("staging." + topic + "-value", "staging." + topic + "-key");
  }

  @Test
  void apicurios_deserializer_reads_what_is_written_here() {
    byte[] bytes = format("schema", "versions/v2.avsc").encode(null, Map.of("id", 7)).value();

    try (AvroKafkaDeserializer<GenericRecord> deserializer = new AvroKafkaDeserializer<>()) {
      deserializer.configure(apicurio(), false);

      GenericRecord read = deserializer.deserialize(topic, bytes);

      assertThat(read.get("id")).isEqualTo(7L);
      assertThat(read.get("added")).hasToString("none");
    }
  }

  @Test
  void what_apicurios_serializer_wrote_is_read_here() {
    GenericRecord record = new GenericData.Record(Schemas.load("versions/v1.avsc"));
    record.put("id", 7L);
    record.put("gone", "x");
    byte[] bytes;
    try (AvroKafkaSerializer<GenericRecord> serializer = new AvroKafkaSerializer<>()) {
      serializer.configure(apicurio(), false);
      bytes = serializer.serialize(topic, record);
    }

    assertThat(format().values().decode(topic, bytes, Map.class))
        .as("by the writer's schema")
        .isEqualTo(Map.of("id", 7L, "gone", "x"));
    assertThat(format("schema", "versions/v2.avsc").values().decode(topic, bytes, Map.class))
        .as("by the reader's")
        .isEqualTo(Map.of("id", 7L, "added", "none"));
  }

  @Test
  void a_topic_without_a_schema_here_is_written_by_the_newest_in_the_registry() {
    format("schema", "versions/v1.avsc").encode(null, Map.of("id", 1, "gone", "x"));
    TopicFormat format = format();

    byte[] bytes = format.encode(null, Map.of("id", 2, "gone", "y")).value();

    assertThat(format.values().decode(topic, bytes, Map.class))
        .isEqualTo(Map.of("id", 2L, "gone", "y"));
    assertThatThrownBy(() -> format.encode(null, Map.of("id", 2)))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("gone is missing");
  }

  @Test
  void once_a_schema_is_known_its_registry_may_go() {
    TopicFormat format = format("schema", "versions/v2.avsc", "key-field", "id");
    byte[] first = format.encode(null, Map.of("id", 1)).value();
    format.values().decode(topic, first, Map.class);

    server.suspend();
    try {
      Encoded second = format.encode(null, Map.of("id", 2));
      assertThat(format.values().decode(topic, second.value(), Map.class))
          .isEqualTo(Map.of("id", 2L, "added", "none"));
      assertThatThrownBy(
              () ->
                  format(
                          "schema",
                          "versions/v2.avsc",
                          "drivetrain.schema-registry.timeout",
                          "300ms")
                      .encode(null, Map.of("id", 3)))
          .isInstanceOf(RegistryUnavailableException.class);
    } finally {
      server.resume();
    }
  }

  @Test
  void schemas_of_topics_that_are_written_are_registered_ahead_and_those_only_read_are_not()
      throws Exception {
    Settings written = settings("schema", "versions/v2.avsc", "key-field", "id");
    TopicFormat format = TopicFormat.of(written, topic).forWriting();
    Settings read =
        Settings.of(
            config(
                "drivetrain.schema-registry.url",
                server.url(),
                "drivetrain.topics.read-" + topic + ".codec",
                "avro",
                "drivetrain.topics.read-" + topic + ".schema",
                "versions/v1.avsc"));

    List<TopicFormat> left = SchemasAhead.formats(written);
    assertThat(SchemasAhead.pass(left)).isNull();
    assertThat(SchemasAhead.pass(SchemasAhead.formats(read))).isNull();

    assertThat(left).isEmpty();
    assertThat(subjects())
        .contains(topic + "-value", topic + "-key")
        .doesNotContain("read-" + topic + "-value");
    server.suspend();
    try {
      assertThat(format.encode(null, Map.of("id", 1)).value()).isNotEmpty();
    } finally {
      server.resume();
    }
  }

  @Test
  void while_the_registry_is_away_what_was_to_be_asked_ahead_is_left() throws Exception {
    List<TopicFormat> left =
        SchemasAhead.formats(
            settings(
                "schema",
                "versions/v2.avsc",
                "drivetrain.schema-registry.url",
                "http://127.0.0.1:1"));

    assertThat(SchemasAhead.pass(left)).isNotNull();

    assertThat(left).hasSize(1);
  }

  @Test
  void a_topic_may_have_a_registry_of_its_own_or_none() {
    TopicFormat named =
        format(
            "schema", "versions/v2.avsc",
            "registry", "partner",
            "drivetrain.schema-registry.partner.url", "http://127.0.0.1:1");
    TopicFormat none = format("schema", "versions/v2.avsc", "registry", "none");

    assertThatThrownBy(() -> named.encode(null, Map.of("id", 1)))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("http://127.0.0.1:1");
    assertThat(none.encode(null, Map.of("id", 1)).value()[0]).isEqualTo((byte) 0xC3);
  }

  @Test
  void what_is_about_java_classes_only_is_no_version_of_its_own() {
    Schema plain =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"S\",\"fields\":[{\"name\":\"s\",\"type\":"
                    + "\"string\"}]}");
    Schema generated = new Schema.Parser().parse(plain.toString());
    GenericData.setStringType(generated.getField("s").schema(), GenericData.StringType.String);
    TopicFormat format = format();
    GenericRecord first = new GenericData.Record(plain);
    first.put("s", "x");
    GenericRecord second = new GenericData.Record(generated);
    second.put("s", "x");

    assertThat(format.encode(null, second).value()).isEqualTo(format.encode(null, first).value());
  }
}
