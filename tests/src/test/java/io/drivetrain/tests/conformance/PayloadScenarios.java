package io.drivetrain.tests.conformance;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.conformance.Scenarios.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Channels;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.conformance.app.Lines;
import io.drivetrain.tests.conformance.app.Payloads;
import io.drivetrain.tests.conformance.app.Recorder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.junit.jupiter.api.Test;

/** The parameter of a method decides what it gets. */
interface PayloadScenarios extends Scenarios {
  String ADA = "{\"id\":7,\"customer\":\"ada\"}";
  String ADA_AS_TEXT = "Order[id=7, customer=ada]";

  /** Reads each channel from a topic of its own and returns the topics by channel. */
  private Map<String, Topic> topics(Application application, String... channels) {
    Map<String, Topic> topics = new HashMap<>();
    for (String channel : channels) {
      topics.put(channel, topic(1));
      application.reading(channel, topics.get(channel)).incoming(channel, "pause-timeout", "-1");
    }
    return topics;
  }

  private Map<String, Topic> singles(Application application) {
    application.incoming("number", "value.deserializer", LongDeserializer.class.getName());
    return topics(
        application.beans(Payloads.Singles.class),
        "text",
        "bytes",
        "number",
        "json",
        "optional",
        "record",
        "message",
        "stage");
  }

  private Map<String, Topic> batches(Application application) {
    return topics(
        application.beans(Payloads.Batches.class, Lines.Parameter.class),
        "texts",
        "jsons",
        "optionals",
        "records",
        "own");
  }

  private static List<String> values(Deployment app, String channel) {
    return seen(app).stream()
        .filter(seen -> seen.channel().equals(channel))
        .flatMap(seen -> seen.values().stream())
        .toList();
  }

  private static Optional<PartitionState.Pause> pause(Deployment app, String channel) {
    return app.get(Channels.class).state(channel).partitions().stream()
        .flatMap(partition -> partition.pause().stream())
        .findFirst();
  }

  @Test
  default void a_method_gets_what_its_parameter_asks_for() {
    Application application = Application.of(broker());
    Map<String, Topic> topics = singles(application);
    topics.get("text").send("k", "Grüße");
    topics.get("bytes").send("k", "Grüße");
    topics
        .get("number")
        .send(
            new ProducerRecord<>(topics.get("number").name(), new byte[] {0, 0, 0, 0, 0, 0, 1, 0}));
    topics.get("json").send("k", ADA);
    topics.get("optional").send("k", ADA);
    topics.get("record").send("k", "v", Map.of("trace", "abc"));
    topics.get("message").send("k", "v");
    topics.get("stage").send("k", "fails");

    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(values(app, "text")).containsExactly("Grüße"));
      eventually(() -> assertThat(values(app, "bytes")).containsExactly("Grüße"));
      eventually(() -> assertThat(values(app, "number")).containsExactly("number 256"));
      eventually(() -> assertThat(values(app, "json")).containsExactly(ADA_AS_TEXT));
      eventually(() -> assertThat(values(app, "optional")).containsExactly(ADA_AS_TEXT));
      eventually(() -> assertThat(values(app, "record")).containsExactly("k=v trace abc"));
      eventually(() -> assertThat(values(app, "message")).containsExactly("v at 0"));
      for (String channel : List.of("text", "json", "record", "message")) {
        Topic topic = topics.get(channel);
        eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 1L)));
      }
      // A stage that fails is a failure of the record, as an exception is.
      eventually(() -> assertThat(pause(app, "stage")).isPresent());
      app.get(Recorder.class).heal();
      app.get(Channels.class).resume("stage", topics.get("stage").name(), 0);
      eventually(() -> assertThat(values(app, "stage")).containsExactly("fails", "fails"));
    }
  }

  @Test
  default void a_batch_method_gets_what_its_parameter_asks_for() {
    Application application = Application.of(broker());
    Map<String, Topic> topics = batches(application);
    topics.get("texts").sendAll(0, List.of("a", "b"));
    topics.get("jsons").sendAll(0, List.of(ADA, ADA));
    topics.get("optionals").send("k", ADA);
    topics.get("optionals").tombstone("k");
    topics.get("records").send("k", "v", Map.of("trace", "abc"));
    topics.get("records").tombstone("k");
    topics.get("own").sendAll(0, List.of("c", "d"));

    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(values(app, "texts")).containsExactly("a", "b"));
      eventually(() -> assertThat(values(app, "jsons")).containsExactly(ADA_AS_TEXT, ADA_AS_TEXT));
      eventually(() -> assertThat(values(app, "optionals")).containsExactly(ADA_AS_TEXT, "empty"));
      eventually(
          () -> assertThat(values(app, "records")).containsExactly("k=v trace abc", "k=null"));
      eventually(() -> assertThat(values(app, "own")).containsExactly("c", "d"));
    }
  }

  @Test
  default void a_tombstone_comes_as_a_record_or_an_optional_and_is_a_named_failure_elsewhere() {
    Application application = Application.of(broker());
    Map<String, Topic> topics = singles(application);
    for (String channel : List.of("record", "optional", "text", "json")) {
      topics.get(channel).tombstone("k");
    }

    try (Deployment app = deploy(application)) {
      eventually(() -> assertThat(values(app, "record")).containsExactly("k=null"));
      eventually(() -> assertThat(values(app, "optional")).containsExactly("empty"));
      for (String channel : List.of("text", "json")) {
        eventually(() -> assertThat(pause(app, channel)).isPresent());
        assertThat(pause(app, channel).orElseThrow().failure()).contains("tombstone", "Optional");
        assertThat(values(app, channel)).isEmpty();
      }
    }
  }

  @Test
  default void what_cannot_be_decoded_is_a_failure_of_its_record_alone() {
    Application application = Application.of(broker());
    Map<String, Topic> singles = singles(application);
    Map<String, Topic> batches = batches(application);
    singles.get("json").sendAll(0, List.of(ADA, "{no json", ADA));
    batches.get("jsons").sendAll(0, List.of(ADA, "{no json", ADA));

    try (Deployment app = deploy(application)) {
      for (String channel : List.of("json", "jsons")) {
        eventually(() -> assertThat(pause(app, channel)).isPresent());
        assertThat(pause(app, channel).orElseThrow().offset()).isEqualTo(1);
        assertThat(pause(app, channel).orElseThrow().failure())
            .contains("Order")
            .doesNotContain("no json");
        assertThat(values(app, channel)).containsExactly(ADA_AS_TEXT);
      }
    }
  }
}
