package io.drivetrain.tests.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drivetrain.connector.KafkaSender;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot work fails the deployment with one sentence. No broker is needed to find it out. */
class BadInputTest {
  private static final String IN = "mp.messaging.incoming.in.";
  private static final String OUT = "mp.messaging.outgoing.out.";

  private static Map<String, String> incoming() {
    return new HashMap<>(
        Map.of(
            IN + "connector", "drivetrain",
            IN + "topic", "t",
            IN + "group.id", "g",
            IN + "bootstrap.servers", "127.0.0.1:1"));
  }

  private static Map<String, String> incoming(String... keysAndValues) {
    Map<String, String> settings = incoming();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.put(IN + keysAndValues[i], keysAndValues[i + 1]);
    }
    return settings;
  }

  private static Map<String, String> incomingWithout(String key) {
    Map<String, String> settings = incoming();
    settings.remove(IN + key);
    return settings;
  }

  private static String failureOf(Map<String, String> settings, Class<?> bean) {
    WeldApp.Builder builder = WeldApp.with().beans(bean);
    settings.forEach((key, value) -> builder.and(key, value));
    Throwable failure = catchThrowable(() -> builder.start().close());
    assertThat(failure).as("deployment").isNotNull();
    List<String> sentences = new ArrayList<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause.getClass().getName().startsWith("io.drivetrain.")) {
        sentences.add(cause.getMessage());
      }
      for (Throwable suppressed : cause.getSuppressed()) {
        if (suppressed.getClass().getName().startsWith("io.drivetrain.")) {
          sentences.add(suppressed.getMessage());
        }
      }
    }
    assertThat(sentences.stream().distinct()).as("one sentence in " + failure).hasSize(1);
    assertThat(sentences.get(0)).doesNotContain("\n");
    return sentences.get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "pause-timout, 10s, pause-timeout",
    "pauseTimeout, 10s, pause-timeout",
    "batchsize, 7, batch-size",
    "bootstrap.server, 127.0.0.1:1, bootstrap.servers",
  })
  void an_unknown_attribute_is_refused_with_the_nearest_name(
      String key, String value, String nearest) {
    assertThat(failureOf(incoming(key, value), Texts.class))
        .contains(IN + key)
        .contains("did you mean " + nearest + "?");
  }

  @ParameterizedTest
  @CsvSource({
    "pause-timeout, 10x, a duration such as 10s",
    "pause-timeout, -5s, a duration such as 10s",
    "max-pause-timeout, soon, a duration",
    "pause-with-exponential-backoff, maybe, 'true, false'",
    "batch-size, 0, 1",
    "batch-size, many, 1",
    "batch-wait, 5 apples, a duration",
    "failure-strategy, explode, pause",
    "bootstrap.servers, localhost, host:port",
  })
  void a_value_that_cannot_be_is_refused_with_what_is_allowed(
      String key, String value, String allowed) {
    assertThat(failureOf(incoming(key, value), Texts.class))
        .contains(IN + key)
        .contains("'" + value + "'")
        .contains(allowed);
  }

  @Test
  void who_has_a_sender_injected_needs_brokers_for_it() {
    assertThat(failureOf(incoming(), Sending.class))
        .startsWith(
            "drivetrain.producer.bootstrap.servers is not set, nor is kafka.bootstrap.servers");
  }

  @Test
  void a_setting_of_the_sender_is_checked_though_nobody_sends() {
    Map<String, String> settings = incoming();
    settings.put("kafka.bootstrap.servers", "127.0.0.1:1");
    settings.put("drivetrain.producer.linger", "5");

    assertThat(failureOf(settings, Texts.class))
        .startsWith("drivetrain.producer.linger is no attribute");
  }

  @Test
  void a_method_of_two_channels_is_refused_for_it_would_see_the_wrong_delivery() {
    Map<String, String> settings = incoming();
    incoming().forEach((key, value) -> settings.put(key.replace("in.", "in2."), value));

    assertThat(failureOf(settings, Both.class))
        .startsWith("channel in")
        .contains("Both.take(String) reads 2 channels, in and in2")
        .contains("topics=a,b");
  }

  @ParameterizedTest
  @CsvSource({
    "mp.messaging.incoming.in.concurrency, 2, mp.messaging.incoming.in.concurrency is '2'",
    "mp.messaging.connector.drivetrain.concurrency, 3, mp.messaging.incoming.in.concurrency is '3'",
    "mp.messaging.outgoing.out.merge, true, merge is 'true'",
  })
  void keys_are_not_propagated_where_the_runtime_would_mix_them_up(
      String key, String value, String reason) {
    Map<String, String> settings = incoming();
    settings.put(OUT + "connector", "drivetrain");
    settings.put(OUT + "bootstrap.servers", "127.0.0.1:1");
    settings.put(OUT + "propagate-record-key", "true");
    settings.put(key, value);

    assertThat(failureOf(settings, Echo.class))
        .contains(OUT + "propagate-record-key")
        .contains(reason);
  }

  @Test
  void a_pattern_that_is_none_is_refused() {
    Map<String, String> settings = incomingWithout("topic");
    settings.put(IN + "pattern", "(");

    assertThat(failureOf(settings, Texts.class))
        .contains(IN + "pattern is '('; expected a regular expression");
  }

  @Test
  void a_value_that_kafka_refuses_is_refused_in_kafkas_words() {
    assertThat(failureOf(incoming("isolation.level", "sometimes"), Texts.class))
        .contains(IN)
        .contains("isolation.level")
        .contains("sometimes");
  }

  @Test
  void a_channel_with_a_topic_and_a_pattern_is_refused() {
    assertThat(failureOf(incoming("pattern", "a.*"), Texts.class))
        .contains(IN + "topic")
        .contains("at most one");
  }

  @Test
  void a_channel_without_bootstrap_servers_is_refused() {
    assertThat(failureOf(incomingWithout("bootstrap.servers"), Texts.class))
        .contains(IN + "bootstrap.servers is not set")
        .contains("kafka.bootstrap.servers");
  }

  @Test
  void a_channel_without_a_group_is_refused_where_the_application_has_no_name() {
    assertThat(failureOf(incomingWithout("group.id"), Texts.class))
        .contains(IN + "group.id is not set");
  }

  @Test
  void a_message_method_that_acknowledges_by_hand_is_refused() {
    assertThat(failureOf(incoming(), ByHand.class))
        .contains("ByHand.take(Message<String>)")
        .contains("POST_PROCESSING");
  }

  @Test
  void a_method_that_acknowledges_before_processing_is_refused() {
    assertThat(failureOf(incoming(), TooEarly.class))
        .contains("TooEarly.take(String)")
        .contains("PRE_PROCESSING");
  }

  @Test
  void a_method_with_two_parameters_is_refused() {
    assertThat(failureOf(incoming(), TwoParameters.class))
        .contains("TwoParameters.take(String, Instant) takes 2 parameters")
        .contains("inject Delivery");
  }

  @Test
  void two_methods_on_one_channel_are_refused() {
    Map<String, String> settings = incoming();
    settings.put(IN + "broadcast", "true");

    assertThat(failureOf(settings, Twice.class))
        .contains("Twice.first(String)")
        .contains("Twice.second(String)")
        .doesNotContain("overrides");
  }

  @Test
  void a_method_that_overrides_one_that_reads_is_refused_with_what_to_leave_out() {
    assertThat(failureOf(incoming(), Overrider.class))
        .contains("Overridden.take(String)")
        .contains("Overrider.take(String)")
        .contains("leave @Incoming to one of them");
  }

  @Test
  void an_outgoing_channels_unknown_attribute_is_refused_with_the_nearest_name() {
    assertThat(
            failureOf(
                Map.of(
                    OUT + "connector", "drivetrain",
                    OUT + "topic", "t",
                    OUT + "topik", "t",
                    OUT + "bootstrap.servers", "127.0.0.1:1"),
                Emitting.class))
        .contains(OUT + "topik")
        .contains("did you mean topic?");
  }

  @ApplicationScoped
  static class Sending {
    @Inject KafkaSender sender;

    @Incoming("in")
    void take(String text) {
      sender.send("t", "k", text);
    }
  }

  @ApplicationScoped
  static class Both {
    @Incoming("in")
    @Incoming("in2")
    void take(String text) {}
  }

  static class Overridden {
    @Incoming("in")
    void take(String text) {}
  }

  @ApplicationScoped
  static class Overrider extends Overridden {
    @Override
    @Incoming("in")
    void take(String text) {}
  }

  @ApplicationScoped
  static class Echo {
    @Incoming("in")
    @Outgoing("out")
    String echo(String text) {
      return text;
    }
  }

  @ApplicationScoped
  static class Texts {
    @Incoming("in")
    void take(String value) {
      throw new AssertionError("nothing is delivered by an application that failed");
    }
  }

  @ApplicationScoped
  static class ByHand {
    @Incoming("in")
    CompletionStage<Void> take(Message<String> message) {
      return message.ack();
    }
  }

  @ApplicationScoped
  static class TooEarly {
    @Incoming("in")
    @Acknowledgment(Acknowledgment.Strategy.PRE_PROCESSING)
    void take(String value) {}
  }

  @ApplicationScoped
  static class TwoParameters {
    @Incoming("in")
    void take(String value, Instant time) {}
  }

  @ApplicationScoped
  static class Twice {
    @Incoming("in")
    void first(String value) {}

    @Incoming("in")
    void second(String value) {}
  }

  @ApplicationScoped
  static class Emitting {
    @Inject
    @Channel("out")
    Emitter<String> emitter;

    Emitter<String> emitter() {
      return emitter;
    }
  }
}
