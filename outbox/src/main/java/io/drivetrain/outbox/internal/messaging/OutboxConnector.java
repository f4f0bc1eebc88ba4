package io.drivetrain.outbox.internal.messaging;

import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.eclipse.microprofile.reactive.messaging.spi.OutgoingConnectorFactory;
import org.eclipse.microprofile.reactive.streams.operators.ReactiveStreams;
import org.eclipse.microprofile.reactive.streams.operators.SubscriberBuilder;

/** The connector {@code drivetrain-outbox}. Called by the runtime's deploying thread. */
@ApplicationScoped
@Connector("drivetrain-outbox")
public class OutboxConnector implements OutgoingConnectorFactory {

  @Inject PendingMessages outbox;

  @Override
  public SubscriberBuilder<? extends Message<?>, Void> getSubscriberBuilder(Config config) {
    String name = config.getValue("channel-name", String.class);
    Settings settings = Settings.of(config, "mp.messaging.outgoing." + name + ".");
    ChannelAttributes.check(settings);
    Settings root = Settings.of(ConfigProvider.getConfig());
    Optional<String> topic = settings.text(ChannelAttributes.TOPIC);
    // Wrong settings of the topic fail here, at deployment.
    topic.ifPresent(each -> TopicFormat.of(root, each).forWriting());
    OutboxChannel channel = new OutboxChannel(name, topic, outbox, root);
    return ReactiveStreams.<Message<?>>builder().to(channel);
  }
}
