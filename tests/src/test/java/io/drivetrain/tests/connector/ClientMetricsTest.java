package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Channels;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

@UseKafka
class ClientMetricsTest {

  /** The total of a metric of the consumer without tags of a topic. */
  private static double total(WeldApp app, String name) {
    return app.get(Channels.class).metrics("in").entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(name))
        .filter(metric -> metric.getKey().tags().keySet().equals(Set.of("client-id")))
        .map(Map.Entry::getValue)
        .map(metric -> (Double) metric.metricValue())
        .findFirst()
        .orElse(0.0);
  }

  private static Set<String> consumersInJmx(String prefix) throws Exception {
    return ManagementFactory.getPlatformMBeanServer()
        .queryNames(
            new ObjectName("kafka.consumer:type=consumer-metrics,client-id=" + prefix + "*"), null)
        .stream()
        .map(name -> name.getKeyProperty("client-id"))
        .collect(Collectors.toSet());
  }

  @Test
  void a_program_reads_what_the_consumer_of_a_channel_measures(KafkaBroker broker) {
    Topic topic = broker.newTopic("metrics", 1);
    try (WeldApp app = Apps.readingRecords(broker, topic, new Recorder()).start()) {
      topic.sendAll(0, Apps.values(3));

      eventually(() -> assertThat(total(app, "records-consumed-total")).isEqualTo(3.0));
    }
  }

  @Test
  void jmx_names_clients_by_their_channel_and_keeps_two_of_the_same_apart(KafkaBroker broker)
      throws Exception {
    Topic topic = broker.newTopic("metrics", 2);
    try (WeldApp app = Apps.readingRecords(broker, topic, new Recorder()).start()) {
      eventually(() -> assertThat(consumersInJmx("in")).hasSize(1));
      try (WeldApp other = app.startAnother(Apps.Records.class)) {
        eventually(() -> assertThat(consumersInJmx("in")).hasSize(2));
        assertThat(other.get(Channels.class).metrics("in")).isNotNull();
      }
      eventually(() -> assertThat(consumersInJmx("in")).hasSize(1));
    }
  }

  @Test
  void a_client_id_that_is_set_is_used(KafkaBroker broker) {
    Topic topic = broker.newTopic("metrics", 1);
    String id = "shop-" + UUID.randomUUID();
    try (WeldApp app =
        Apps.readingRecords(broker, topic, new Recorder()).and(IN + "client.id", id).start()) {
      eventually(() -> assertThat(consumersInJmx(id)).containsExactly(id));
      assertThat(app.get(Channels.class).metrics("in").keySet())
          .allSatisfy(name -> assertThat(name.tags().getOrDefault("client-id", id)).isEqualTo(id));
    }
  }
}
