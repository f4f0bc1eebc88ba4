package io.drivetrain.testkitapp.internal;

import io.drivetrain.testkitapp.internal.kafka.MemoryBroker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.Converter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.eclipse.microprofile.reactive.messaging.spi.IncomingConnectorFactory;
import org.eclipse.microprofile.reactive.messaging.spi.OutgoingConnectorFactory;
import org.eclipse.microprofile.reactive.streams.operators.PublisherBuilder;
import org.eclipse.microprofile.reactive.streams.operators.SubscriberBuilder;

/**
 * The connector {@code drivetrain-test}: the connector {@code drivetrain} on Kafka in memory.
 * Called by the runtime's deploying thread.
 */
@ApplicationScoped
@Connector(TestConnector.NAME)
public class TestConnector implements IncomingConnectorFactory, OutgoingConnectorFactory {
  static final String NAME = "drivetrain-test";

  @Inject
  @Connector("drivetrain")
  IncomingConnectorFactory incoming;

  @Inject
  @Connector("drivetrain")
  OutgoingConnectorFactory outgoing;

  @Override
  public PublisherBuilder<? extends Message<?>> getPublisherBuilder(Config channel) {
    return incoming.getPublisherBuilder(new InMemory(channel));
  }

  @Override
  public SubscriberBuilder<? extends Message<?>, Void> getSubscriberBuilder(Config channel) {
    return outgoing.getSubscriberBuilder(new InMemory(channel));
  }

  /**
   * A channel's configuration with the broker in memory: the application's own, else the shared.
   */
  private static final class InMemory implements Config {
    private static final String SERVERS = "bootstrap.servers";

    private final Config channel;
    private final String address =
        ConfigProvider.getConfig()
            .getOptionalValue("kafka." + SERVERS, String.class)
            .filter(servers -> servers.startsWith(MemoryBroker.HOST))
            .orElseGet(() -> MemoryBroker.shared().address());

    InMemory(Config channel) {
      this.channel = channel;
    }

    @Override
    public <T> T getValue(String name, Class<T> type) {
      return name.equals(SERVERS) ? type.cast(address) : channel.getValue(name, type);
    }

    @Override
    public <T> Optional<T> getOptionalValue(String name, Class<T> type) {
      return name.equals(SERVERS)
          ? Optional.of(type.cast(address))
          : channel.getOptionalValue(name, type);
    }

    @Override
    public ConfigValue getConfigValue(String name) {
      return channel.getConfigValue(name);
    }

    @Override
    public Iterable<String> getPropertyNames() {
      Set<String> names = new LinkedHashSet<>();
      channel.getPropertyNames().forEach(names::add);
      names.add(SERVERS);
      return names;
    }

    @Override
    public Iterable<ConfigSource> getConfigSources() {
      return channel.getConfigSources();
    }

    @Override
    public <T> Optional<Converter<T>> getConverter(Class<T> type) {
      return channel.getConverter(type);
    }

    @Override
    public <T> T unwrap(Class<T> type) {
      return channel.unwrap(type);
    }
  }
}
