package io.drivetrain.connector.internal;

import io.drivetrain.connector.KafkaSender;
import io.drivetrain.connector.internal.cdi.ConnectorExtension;
import io.drivetrain.connector.internal.delivery.Sends;
import io.drivetrain.connector.internal.observe.ApplicationTelemetry;
import io.drivetrain.connector.internal.outbound.StandaloneSender;
import io.drivetrain.connector.internal.settings.ProducerSettings;
import io.drivetrain.schema.settings.Settings;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The bean behind everything that an application sends without a channel. Its producer is made at
 * the first send; its settings are checked at deployment if the application sets or injects
 * anything of it. Thread-safe.
 */
@ApplicationScoped
public class ApplicationSender implements KafkaSender, Sends {

  /** Before channels start, and early enough for whoever sends at the application's start. */
  private static final int EARLY = 100;

  private final ConnectorExtension extension;
  private final ApplicationTelemetry telemetry;

  /** For the container's proxy. */
  protected ApplicationSender() {
    this(null, null);
  }

  /** By the container. */
  @Inject
  public ApplicationSender(ConnectorExtension extension, ApplicationTelemetry telemetry) {
    this.extension = extension;
    this.telemetry = telemetry;
  }

  void start(@Observes @Priority(EARLY) Startup event) {
    if (extension.injectsKafkaSender()
        || ProducerSettings.speakOfWithoutChannel(ConfigProvider.getConfig())) {
      sender();
    }
  }

  /** Kept where it outlives this bean: other beans may send in their {@code @PreDestroy}. */
  private StandaloneSender sender() {
    return extension.shared(StandaloneSender.class, this::make);
  }

  private StandaloneSender make() {
    Config root = ConfigProvider.getConfig();
    StandaloneSender sender =
        new StandaloneSender(
            RecordSenders.make(
                "the sender without a channel",
                "sender",
                ProducerSettings.withoutChannel(root),
                Settings.of(root),
                telemetry));
    extension.atShutdown(sender::close);
    return sender;
  }

  @Override
  public RecordMetadata send(ProducerRecord<?, ?> record) {
    return sender().send(record);
  }

  @Override
  public CompletionStage<RecordMetadata> sendAsync(ProducerRecord<?, ?> record) {
    return sender().sendAsync(record);
  }

  @Override
  public void awaitAll(Runnable block) {
    sender().awaitAll(block);
  }

  @Override
  public Future<?> produce(ProducerRecord<?, ?> record) {
    return sender().start(record);
  }
}
