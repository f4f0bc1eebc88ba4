package io.drivetrain.connector.internal.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment.Strategy;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

class ConsumerMethodTest {

  @SuppressWarnings("unused")
  private abstract static class Methods {
    abstract void payload(String value);

    abstract void batch(List<String> values);

    abstract CompletionStage<Void> stage(String value);

    abstract String processor(String value);

    @Acknowledgment(Strategy.POST_PROCESSING)
    abstract CompletionStage<Void> message(Message<String> message);

    abstract CompletionStage<Void> manual(Message<String> message);

    @Acknowledgment(Strategy.MANUAL)
    abstract void manualPayload(String value);

    @Acknowledgment(Strategy.PRE_PROCESSING)
    abstract void before(String value);

    @Acknowledgment(Strategy.NONE)
    abstract void never(String value);

    abstract void two(String value, Object metadata);

    abstract void metadata(String value, IncomingKafkaRecordMetadata<String, String> metadata);

    abstract void metadataOfBatch(
        List<String> values, IncomingKafkaRecordMetadata<String, String> metadata);

    abstract void metadataAlone(IncomingKafkaRecordMetadata<String, String> metadata);

    abstract Subscriber<String> subscriber();

    abstract Publisher<String> transform(Publisher<String> stream);

    abstract void flow(Flow.Publisher<String> stream);

    abstract Publisher<String> many(String value);
  }

  private static ConsumerMethod method(String name) {
    Method method =
        Arrays.stream(Methods.class.getDeclaredMethods())
            .filter(declared -> declared.getName().equals(name))
            .findFirst()
            .orElseThrow();
    return ConsumerMethod.of(method, List.of("in"), List.of(method.getGenericParameterTypes()));
  }

  private static void assertWorks(String name) {
    assertThat(method(name).defect()).isEmpty();
  }

  private static void assertDefect(String name, String sentence) {
    Optional<String> defect = method(name).defect();
    assertThat(defect).hasValueSatisfying(words -> assertThat(words).contains(sentence));
  }

  @Test
  void methods_that_are_acknowledged_after_processing_work() {
    assertWorks("payload");
    assertWorks("batch");
    assertWorks("stage");
    assertWorks("processor");
    assertWorks("message");
  }

  @Test
  void acknowledging_by_hand_would_end_the_channel_at_the_first_exception() {
    assertDefect("manual", "add @Acknowledgment(POST_PROCESSING) or take the payload");
    assertDefect("manualPayload", "add @Acknowledgment(POST_PROCESSING)");
  }

  @Test
  void acknowledging_before_processing_would_lose_records() {
    assertDefect("before", "has @Acknowledgment(PRE_PROCESSING)");
    assertDefect("never", "has @Acknowledgment(NONE)");
    assertDefect("transform", "handles a stream instead of records");
    assertDefect("flow", "handles a stream instead of records");
    assertDefect("subscriber", "handles a stream instead of records");
    assertDefect("many", "returns a stream");
  }

  @Test
  void a_method_takes_one_parameter() {
    assertDefect("two", "takes 2 parameters; take one payload, and inject Delivery");
  }

  @Test
  void smallryes_metadata_of_a_record_may_stand_beside_its_payload() {
    assertWorks("metadata");
    assertDefect("metadataOfBatch", "takes 2 parameters");
  }

  @Test
  void what_only_another_connector_makes_is_no_payload() {
    assertDefect(
        "metadataAlone",
        "takes IncomingKafkaRecordMetadata<String, String>, which only smallrye-kafka makes; take"
            + " ConsumerRecord<K, V>");
  }

  @Test
  void a_method_is_named_as_its_author_knows_it() {
    assertThat(method("manual").description()).isEqualTo("Methods.manual(Message<String>)");
  }
}
