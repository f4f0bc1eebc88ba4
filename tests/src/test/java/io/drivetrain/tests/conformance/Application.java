package io.drivetrain.tests.conformance;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a scenario deploys: beans of the package {@code app} and settings. Not thread-safe; one test
 * builds it and may deploy it again, which is a restart.
 */
final class Application {
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<Class<?>> beans = new ArrayList<>();

  private Application() {}

  /** One that knows the broker and nothing else. */
  static Application of(KafkaBroker broker, Class<?>... beans) {
    return new Application()
        .with("kafka.bootstrap.servers", broker.bootstrapServers())
        .with("kafka.reconnect.backoff.max.ms", "200")
        .beans(beans);
  }

  /** One that reads a topic by the channel {@code in}; its group is the topic's name. */
  static Application reading(KafkaBroker broker, Topic topic, Class<?>... beans) {
    return of(broker, beans).reading("in", topic);
  }

  /** Also reads a topic by this channel; the group is the topic's name. */
  Application reading(String channel, Topic topic) {
    return incoming(channel, "connector", "drivetrain")
        .incoming(channel, "topic", topic.name())
        .incoming(channel, "group.id", topic.name())
        .incoming(channel, "auto.commit.interval.ms", "100");
  }

  /** Also writes to a topic by this channel. */
  Application writing(String channel, Topic topic) {
    return outgoing(channel, "connector", "drivetrain").outgoing(channel, "topic", topic.name());
  }

  /** Sets an attribute of the channel {@code in}. */
  Application in(String attribute, String value) {
    return incoming("in", attribute, value);
  }

  Application incoming(String channel, String attribute, String value) {
    return with("mp.messaging.incoming." + channel + "." + attribute, value);
  }

  Application outgoing(String channel, String attribute, String value) {
    return with("mp.messaging.outgoing." + channel + "." + attribute, value);
  }

  Application with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  Application beans(Class<?>... classes) {
    beans.addAll(List.of(classes));
    return this;
  }

  Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  List<Class<?>> beans() {
    return List.copyOf(beans);
  }
}
