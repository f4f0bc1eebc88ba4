package io.drivetrain.avro.internal.registry;

import static io.drivetrain.avro.internal.TestSettings.config;
import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.avro.Schemas;
import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.RegistryUnavailableException;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.testkit.SchemaRegistry;
import io.drivetrain.testkit.UseSchemaRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Against a real registry, which goes away and comes back. */
@UseSchemaRegistry
class RegistryTest {
  private static final Schema V1 = Schemas.load("versions/v1.avsc");
  private static final Schema V2 = Schemas.load("versions/v2.avsc");

  private final SchemaRegistry server;
  private final AtomicLong nanos = new AtomicLong();
  private final String subject = "orders-" + UUID.randomUUID() + "-value";

  RegistryTest(SchemaRegistry server) {
    this.server = server;
  }

  private Registry registry(String... keysAndValues) {
    String[] all = new String[keysAndValues.length + 2];
    all[0] = "drivetrain.schema-registry.url";
    all[1] = server.url();
    System.arraycopy(keysAndValues, 0, all, 2, keysAndValues.length);
    return new Registry(RegistrySettings.read(Settings.of(config(all)), ""), nanos::get);
  }

  private void backwardOnly() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(server.url() + "/config/" + subject))
                    .header("Content-Type", "application/json")
                    .PUT(HttpRequest.BodyPublishers.ofString("{\"compatibility\":\"BACKWARD\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void a_schema_that_is_registered_is_found_by_its_id_and_by_itself() {
    int id = registry().id(subject, V1);
    Registry another = registry();

    assertThat(another.schema(id)).isEqualTo(V1);
    assertThat(another.find(subject, V1)).contains(id);
    assertThat(another.latest(subject)).isEqualTo(V1);
    assertThat(another.id(subject, V1)).isEqualTo(id);
    assertThat(another.find(subject, V2)).isEmpty();
  }

  @Test
  void without_auto_register_only_what_is_there_may_be_used() {
    Registry registry = registry("drivetrain.schema-registry.auto-register", "false");

    assertThatThrownBy(() -> registry.id(subject, V1))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("com.example.V is not registered under " + subject);
    int id = registry().id(subject, V1);
    assertThat(registry.id(subject, V1)).isEqualTo(id);
  }

  @Test
  void what_the_registrys_rule_forbids_is_refused_and_can_be_asked_before() throws Exception {
    Registry registry = registry();
    Schema needs = Schemas.load("versions/v3.avsc");
    registry.id(subject, V1);
    backwardOnly();

    assertThat(registry.objections(subject, V2)).isEmpty();
    assertThat(registry.objections(subject, needs)).isNotEmpty();
    assertThat(registry.objections("nothing-" + subject, needs)).isEmpty();
    assertThatThrownBy(() -> registry.id(subject, needs))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("does not take com.example.V as the next version of " + subject);
    String topic = subject.substring(0, subject.length() - "-value".length());
    assertThat(
            Schemas.registry(config("drivetrain.schema-registry.url", server.url()), topic, needs))
        .isNotEmpty();
  }

  @Test
  void an_id_that_the_registry_has_not_is_the_records_fault() {
    assertThatThrownBy(() -> registry().schema(987_654_321))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("the schema registry has no schema 987654321");
  }

  @Test
  void what_is_known_stays_known_while_the_registry_is_away_and_the_rest_waits() {
    Registry registry = registry();
    int id = registry.id(subject, V1);
    registry.schema(id);
    int unknownHere = registry().id(subject, V2);

    server.kill();

    assertThat(registry.id(subject, V1)).isEqualTo(id);
    assertThat(registry.schema(id)).isEqualTo(V1);
    assertThatThrownBy(() -> registry.schema(unknownHere))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("the schema registry at " + server.url() + " does not serve");

    server.start();
    nanos.addAndGet(2_000_000_000L);

    assertThat(registry.schema(unknownHere)).isEqualTo(V2);
    assertThat(registry.id(subject, V2)).isEqualTo(unknownHere);
  }

  @Test
  void after_a_failure_nobody_waits_for_another_timeout_for_a_while() {
    Registry registry = registry("drivetrain.schema-registry.timeout", "300ms");
    server.suspend();
    assertThatThrownBy(() -> registry.schema(1)).isInstanceOf(RegistryUnavailableException.class);

    server.resume();

    assertThatThrownBy(() -> registry.schema(1))
        .as("within the second")
        .isInstanceOf(RegistryUnavailableException.class);
    nanos.addAndGet(1_000_000_001L);
    eventually(
        () -> {
          // A busy machine may be slower than 300 ms.
          nanos.addAndGet(1_000_000_001L);
          registry.id(subject, V1);
        });
  }

  @Test
  void a_registry_that_is_silent_is_given_up_after_the_timeout() {
    Registry registry = registry("drivetrain.schema-registry.timeout", "300ms");
    server.suspend();
    try {
      assertThatThrownBy(() -> registry.id(subject, V1))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("HttpTimeoutException");
    } finally {
      server.resume();
    }
  }

  @Test
  void an_interrupt_ends_the_waiting_and_stays_set() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> registry().id(subject, V1))
        .isInstanceOf(RegistryUnavailableException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void another_address_is_tried_and_credentials_are_in_no_message() {
    Registry registry =
        registry(
            "drivetrain.schema-registry.url",
            "http://127.0.0.1:1," + server.url(),
            "drivetrain.schema-registry.username",
            "u",
            "drivetrain.schema-registry.password",
            "s3cret");
    Registry nowhere =
        registry(
            "drivetrain.schema-registry.url",
            "http://127.0.0.1:1",
            "drivetrain.schema-registry.token",
            "s3cret");

    registry.id(subject, V1);

    assertThatThrownBy(() -> nowhere.id(subject, V1))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageNotContaining("s3cret");
    assertThat(nowhere.toString()).doesNotContain("s3cret");
  }
}
