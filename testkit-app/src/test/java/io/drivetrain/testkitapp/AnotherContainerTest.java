package io.drivetrain.testkitapp;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.Test;

/** The connector {@code drivetrain-test} where somebody else has started the container. */
class AnotherContainerTest {
  @ApplicationScoped
  public static class Doubling {
    @Incoming("numbers")
    @Outgoing("doubled")
    public String twice(String number) {
      return String.valueOf(2 * Integer.parseInt(number));
    }
  }

  /** As where an application has no outbox. */
  static class OnlyTheConnector implements Extension {
    <T> void veto(@Observes ProcessAnnotatedType<T> type) {
      String name = type.getAnnotatedType().getJavaClass().getName();
      if (List.of("outbox", "entitysync", "migrations").stream()
          .anyMatch(module -> name.startsWith("io.drivetrain." + module + "."))) {
        type.veto();
      }
    }
  }

  @Test
  void its_channels_are_on_kafka_in_memory() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    Config config =
        new SmallRyeConfigBuilder()
            .forClassLoader(loader)
            .addDiscoveredConverters()
            .withSources(
                new PropertiesConfigSource(
                    Map.of(
                        "mp.messaging.incoming.numbers.connector", "drivetrain-test",
                        "mp.messaging.incoming.numbers.group.id", "doubling",
                        "mp.messaging.incoming.numbers.bootstrap.servers", "kafka.example.com:9092",
                        "mp.messaging.outgoing.doubled.connector", "drivetrain-test",
                        "drivetrain.topics.doubled.codec", "string"),
                    "the other container",
                    1_000))
            .build();
    ConfigProviderResolver.instance().registerConfig(config, loader);
    ConfigProviderResolver.instance().getConfig(loader);
    try (WeldContainer container =
        new Weld("another")
            .addBeanClass(Doubling.class)
            .addExtension(new OnlyTheConnector())
            .initialize()) {
      MemoryKafka.shared().topic("numbers").send(null, "21");

      eventually(
          () ->
              assertThat(MemoryKafka.shared().sent("doubled").all())
                  .extracting(SentRecord::text)
                  .containsExactly("42"));
    } finally {
      ConfigProviderResolver.instance().releaseConfig(config);
      MemoryKafka.shared().clear();
    }
  }
}
