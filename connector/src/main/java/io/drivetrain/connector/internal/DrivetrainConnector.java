package io.drivetrain.connector.internal;

import io.drivetrain.connector.BatchParameter;
import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.OffsetStore;
import io.drivetrain.connector.internal.cdi.ConnectorExtension;
import io.drivetrain.connector.internal.cdi.ConsumerMethod;
import io.drivetrain.connector.internal.deadletter.DeadLetterTopic;
import io.drivetrain.connector.internal.deadletter.Replays;
import io.drivetrain.connector.internal.inbound.Channel;
import io.drivetrain.connector.internal.inbound.Listeners;
import io.drivetrain.connector.internal.inbound.Time;
import io.drivetrain.connector.internal.metadata.MessageMetadata;
import io.drivetrain.connector.internal.observe.ApplicationTelemetry;
import io.drivetrain.connector.internal.outbound.OutgoingChannel;
import io.drivetrain.connector.internal.payload.ParameterType;
import io.drivetrain.connector.internal.payload.Payload;
import io.drivetrain.connector.internal.payload.Payloads;
import io.drivetrain.connector.internal.settings.HealthSettings;
import io.drivetrain.connector.internal.settings.IncomingSettings;
import io.drivetrain.connector.internal.settings.LayeredConfig;
import io.drivetrain.connector.internal.settings.OutgoingSettings;
import io.drivetrain.connector.internal.settings.PeerAttributes;
import io.drivetrain.connector.internal.settings.ReplaySettings;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.platform.ContainerThreads;
import io.drivetrain.schema.platform.StartCondition;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.eclipse.microprofile.reactive.messaging.spi.IncomingConnectorFactory;
import org.eclipse.microprofile.reactive.messaging.spi.OutgoingConnectorFactory;
import org.eclipse.microprofile.reactive.streams.operators.PublisherBuilder;
import org.eclipse.microprofile.reactive.streams.operators.ReactiveStreams;
import org.eclipse.microprofile.reactive.streams.operators.SubscriberBuilder;

/**
 * The connector {@code drivetrain}: builds channels from settings, starts them when the application
 * has started and its {@link StartCondition}s are met, and stops them before its beans are
 * destroyed. The runtime calls it on the deploying thread.
 */
@ApplicationScoped
@Connector(DrivetrainConnector.NAME)
public class DrivetrainConnector implements IncomingConnectorFactory, OutgoingConnectorFactory {
  static final String NAME = "drivetrain";

  /** The testkit's connector hands its channels to this one. */
  static final Set<String> NAMES = Set.of(NAME, "drivetrain-test");

  private static final Logger LOG = System.getLogger(DrivetrainConnector.class.getName());

  /** Late: whatever the application itself does at its start comes first. */
  private static final int LATE = 1_000_000;

  private final ChannelRegistry registry;
  private final ConnectorExtension extension;
  private final Instance<BatchParameter<?>> batchParameters;
  private final Instance<ChannelListener> listeners;
  private final Instance<StartCondition> conditions;
  private final Instance<InstantSource> clock;
  private final Instance<OffsetStore> offsets;
  private final ApplicationTelemetry telemetry;
  private final List<OutgoingChannel> outgoing = new CopyOnWriteArrayList<>();

  /** For the container's proxy. */
  protected DrivetrainConnector() {
    this(null, null, null, null, null, null, null, null);
  }

  /**
   * By the container.
   *
   * @param clock tests may move time with a bean named {@code drivetrain-clock}
   */
  @Inject
  public DrivetrainConnector(
      ChannelRegistry registry,
      ConnectorExtension extension,
      @Any Instance<BatchParameter<?>> batchParameters,
      @Any Instance<ChannelListener> listeners,
      @Any Instance<StartCondition> conditions,
      @Named("drivetrain-clock") Instance<InstantSource> clock,
      Instance<OffsetStore> offsets,
      ApplicationTelemetry telemetry) {
    this.registry = registry;
    this.extension = extension;
    this.batchParameters = batchParameters;
    this.listeners = listeners;
    this.conditions = conditions;
    this.clock = clock;
    this.offsets = offsets;
    this.telemetry = telemetry;
  }

  @Override
  public PublisherBuilder<? extends Message<?>> getPublisherBuilder(Config given) {
    String name = baseName(given);
    Config config = layered(given, "incoming", name);
    Config root = ConfigProvider.getConfig();
    IncomingSettings settings = IncomingSettings.read(name, config, root, ApplicationName::find);
    ParameterType type = parameterType(name);
    IncomingSettings.checkBatch(name, config, type.batch());
    Payload payload = withMetadata(name, payload(settings, type, root));
    HealthSettings health = HealthSettings.read(name, config);
    Channel channel =
        registry.add(
            name,
            health,
            () -> {
              warn(name, PeerAttributes.incomingWarnings(name, config));
              return channel(settings, type.batch());
            });
    return ReactiveStreams.fromPublisher(channel.addLane(payload));
  }

  /** Metadata cost something for each record: only a method that may look at them has them. */
  private Payload withMetadata(String channel, Payload payload) {
    boolean seen = extension.consumersOf(channel).stream().anyMatch(ConsumerMethod::seesMetadata);
    return seen && !payload.isBatch() ? payload.with(MessageMetadata.find()) : payload;
  }

  private Config layered(Config channel, String direction, String name) {
    String prefix = "mp.messaging." + direction + "." + name + ".";
    return LayeredConfig.of(channel, prefix, extension::namedMap);
  }

  private static void warn(String channel, List<String> warnings) {
    for (String warning : warnings) {
      LOG.log(Level.WARNING, "channel {0}: {1}", channel, warning);
    }
  }

  /** With {@code concurrency=N}, runtimes ask for x$1 to x$N: lanes of one channel x. */
  private static String baseName(Config config) {
    String name = config.getValue("channel-name", String.class);
    boolean workers = config.getOptionalValue("concurrency", Integer.class).orElse(1) > 1;
    return workers ? name.replaceFirst("\\$\\d+$", "") : name;
  }

  private Channel channel(IncomingSettings settings, boolean batches) {
    Time time = clock.isResolvable() ? Time.of(clock.get()) : Time.system();
    registry.addReplays(settings.channel(), replays(settings));
    return new Channel(
        settings,
        batches,
        KafkaClients.named(settings.consumer(), settings.channel())::consumer,
        deadLetters(settings),
        new Listeners(listeners.stream().toList()),
        settings.exactlyOnce() ? offsets(settings) : null,
        time);
  }

  private OffsetStore offsets(IncomingSettings settings) {
    if (!offsets.isResolvable()) {
      throw new SettingsException(
          "mp.messaging.incoming."
              + settings.channel()
              + ".exactly-once is true, but nothing in the application keeps positions beside its"
              + " data; add drivetrain-entity-sync");
    }
    return offsets.get();
  }

  private static Replays replays(IncomingSettings settings) {
    ReplaySettings replays = settings.deadLetters().replays();
    return new Replays(
        settings.channel(),
        settings.group(),
        settings.deadLetters().topic(),
        settings::reads,
        new Replays.Clients(
            new KafkaClients(replays.letters())::consumer,
            new KafkaClients(replays.origins())::consumer,
            new KafkaClients(replays.senders())::producer));
  }

  private static DeadLetterTopic deadLetters(IncomingSettings settings) {
    return new DeadLetterTopic(
        settings.channel(),
        settings.group(),
        settings.deadLetters().topic(),
        new KafkaClients(settings.deadLetters().producer())::producer);
  }

  private ParameterType parameterType(String channel) {
    List<ConsumerMethod> methods = extension.consumersOf(channel);
    if (methods.isEmpty()) {
      // Another part of the runtime reads it, or nobody does; the runtime knows.
      return new ParameterType(false, ConsumerRecord.class, Optional.empty());
    }
    if (methods.size() > 1) {
      throw new SettingsException(
          "channel "
              + channel
              + " is read by "
              + String.join(
                  " and ", methods.stream().map(ConsumerMethod::description).sorted().toList())
              + "; a record is done when one method has processed it: give each its own channel"
              + " and group.id"
              + (sameNames(methods)
                  ? "; if one overrides the other, leave @Incoming to one of them: the runtime"
                      + " counts both"
                  : ""));
    }
    ConsumerMethod method = methods.get(0);
    method.defect().ifPresent(defect -> refuse(channel, method, defect));
    try {
      return ParameterType.of(method.parameters().get(0), batchParameters);
    } catch (IllegalArgumentException e) {
      throw refuse(channel, method, "cannot be served: " + e.getMessage());
    }
  }

  /** Whether two of them differ by their classes only. */
  private static boolean sameNames(List<ConsumerMethod> methods) {
    return methods.stream()
            .map(method -> method.description().replaceFirst("^[^.]*", ""))
            .distinct()
            .count()
        < methods.size();
  }

  private static SettingsException refuse(String channel, ConsumerMethod method, String defect) {
    throw new SettingsException("channel " + channel + ": " + method.description() + " " + defect);
  }

  private static Payload payload(IncomingSettings settings, ParameterType type, Config root) {
    Settings rootSettings = Settings.of(root);
    boolean keysWithSchema = settings.pattern().isPresent();
    for (String topic : settings.topics()) {
      keysWithSchema |= TopicFormat.of(rootSettings, topic).keys().isPresent();
    }
    KafkaClients clients = new KafkaClients(settings.consumer());
    Payloads payloads =
        new Payloads(
            rootSettings,
            keysWithSchema,
            settings.keyDeserializer().map(name -> clients.deserializer(name, true)),
            settings.valueDeserializer().map(name -> clients.deserializer(name, false)));
    try {
      return payloads.of(type);
    } catch (SettingsException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new SettingsException("channel " + settings.channel() + ": " + e.getMessage());
    }
  }

  @Override
  public SubscriberBuilder<? extends Message<?>, Void> getSubscriberBuilder(Config given) {
    String name = given.getValue("channel-name", String.class);
    Config config = layered(given, "outgoing", name);
    Config root = ConfigProvider.getConfig();
    OutgoingSettings settings = OutgoingSettings.read(name, config, root);
    warn(name, PeerAttributes.outgoingWarnings(name, config));
    Settings rootSettings = Settings.of(root);
    TopicFormat.of(rootSettings, settings.topic()).forWriting();
    Feeding feeding = new Feeding(extension.feedersOf(name), config, root);
    if (settings.propagates()) {
      feeding.confusion().ifPresent(confusion -> refusePropagation(name, confusion));
    }
    OutgoingChannel channel =
        new OutgoingChannel(
            settings,
            RecordSenders.make(
                "channel " + name, name, settings.producer(), rootSettings, telemetry),
            feeding.settlesRecords());
    outgoing.add(channel);
    if (outgoing.size() == 1) {
      extension.atShutdown(() -> outgoing.forEach(OutgoingChannel::close));
    }
    return ReactiveStreams.fromSubscriber(channel);
  }

  private static void refusePropagation(String channel, String confusion) {
    throw new SettingsException(
        "mp.messaging.outgoing."
            + channel
            + ".propagate-record-key and propagate-headers cannot be used where "
            + confusion
            + ": the runtime would mix up whose they are; send with an Emitter, or a ProducerRecord"
            + " with key and headers");
  }

  void start(@Observes @Priority(LATE) Startup event) {
    List<StartCondition> awaited = conditions.stream().toList();
    registry.await(awaited);
    // Found here, on a thread of the application; the conditions may be met on any.
    ContainerThreads threads = ContainerThreads.find();
    StartCondition.all(awaited)
        .thenRun(
            () -> {
              registry.await(List.of());
              registry.all().forEach(channel -> channel.start(threads, telemetry.now()));
            });
  }

  void stop(@Observes @Priority(50) Shutdown event) {
    stop();
  }

  void stop(@Observes @Priority(50) @BeforeDestroyed(ApplicationScoped.class) Object event) {
    stop();
  }

  private void stop() {
    registry.all().forEach(Channel::stop);
    registry.all().forEach(Channel::awaitStop);
    // Producers close after the last bean is destroyed: its @PreDestroy may still send.
  }
}
