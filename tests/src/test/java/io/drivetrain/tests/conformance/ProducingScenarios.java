package io.drivetrain.tests.conformance;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.conformance.Scenarios.seen;
import static io.drivetrain.tests.conformance.Scenarios.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.conformance.app.Producing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an application sends, inside a delivery and outside. */
interface ProducingScenarios extends Scenarios {

  @Test
  default void an_emitters_send_completes_when_kafka_has_confirmed_it() {
    Topic target = topic(1);

    try (Deployment app =
        deploy(Application.of(broker(), Producing.SenderBean.class).writing("out", target))) {
      app.get(Producing.Sender.class).send("hello");

      assertThat(target.values()).containsExactly("hello");
    }
  }

  @Test
  default void a_processor_reads_one_topic_and_writes_another() {
    Topic source = topicOf("a", "b", "c");
    Topic target = topic(1);

    try (Deployment app =
        deploy(reading(source, Producing.Processor.class).writing("out", target))) {
      eventually(() -> assertThat(target.values()).containsExactly("A", "B", "C"));
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 3L)));
    }
  }

  @Test
  default void a_failed_send_fails_its_record_and_no_other() {
    Topic source = topic(2);
    source.sendAll(0, List.of("a", "large", "c"));
    source.sendAll(1, List.of("d"));
    Topic target = topic(1);

    try (Deployment app =
        deploy(
            reading(source, Producing.Forwarder.class)
                .in("pause-timeout", "20ms")
                .writing("out", target)
                .outgoing("out", "max.request.size", "1000"))) {
      eventually(() -> assertThat(values(app, 0)).startsWith("a", "large", "large", "large"));
      source.sendAll(1, List.of("e"));
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 1L, 1, 2L)));
      assertThat(target.values()).containsExactlyInAnyOrder("a", "d", "e");
      assertThat(seen(app, 1)).hasSize(2);
    }
  }
}
