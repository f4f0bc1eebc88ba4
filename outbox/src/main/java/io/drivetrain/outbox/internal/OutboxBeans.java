package io.drivetrain.outbox.internal;

import io.drivetrain.outbox.CommittedEvents;
import io.drivetrain.outbox.Outbox;
import io.drivetrain.outbox.OutboxAdmin;
import io.drivetrain.outbox.OutboxException;
import io.drivetrain.outbox.OutboxStatus;
import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.outbox.internal.admin.Administration;
import io.drivetrain.outbox.internal.admin.TopicKeys;
import io.drivetrain.outbox.internal.drain.DrainSettings;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.outbox.internal.observe.Metrics;
import io.drivetrain.outbox.internal.write.CapturingWriter;
import io.drivetrain.outbox.internal.write.OutboxWriter;
import io.drivetrain.outbox.internal.write.TransactionalOutbox;
import io.drivetrain.outbox.internal.write.Transactions;
import io.drivetrain.schema.platform.ContainerThreads;
import io.drivetrain.schema.platform.DatabaseSettings;
import io.drivetrain.schema.platform.StartCondition;
import io.drivetrain.schema.settings.Secrets;
import io.drivetrain.schema.settings.Settings;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The beans of the outbox and their life: made at first use or at the start, whichever is first;
 * drains once every {@link StartCondition} is met. The container's deploying thread calls its
 * observers.
 */
@ApplicationScoped
public class OutboxBeans {

  /** Late: threads are only made when nothing of ours can fail the deployment any more. */
  private static final int LATE = 10_000;

  private static final List<String> REGISTRIES =
      List.of(
          "java:comp/TransactionSynchronizationRegistry",
          // WildFly: there on threads that belong to no component.
          "java:jboss/TransactionSynchronizationRegistry");

  @Inject @Any Instance<StartCondition> conditions;

  @Inject Instance<TransactionSynchronizationRegistry> registries;

  @Inject Instance<Object> beans;

  private final AtomicReference<Metrics> metrics = new AtomicReference<>(Metrics.NONE);

  @Inject Instance<CommittedEvents> captures;

  /** Guarded by this. */
  private Parts parts;

  /** Without tables there is nothing to administer: {@code admin} is null. */
  private record Parts(TransactionalOutbox outbox, Optional<OutboxNode> node, OutboxAdmin admin) {}

  /** What applications publish with. */
  @Produces
  @ApplicationScoped
  Outbox outbox() {
    return parts().outbox();
  }

  /** What frameworks publish with. */
  @Produces
  @ApplicationScoped
  PendingMessages pendingMessages() {
    return parts().outbox();
  }

  /** What operators do. */
  @Produces
  @ApplicationScoped
  OutboxAdmin admin() {
    OutboxAdmin admin = parts().admin();
    if (admin == null) {
      throw new OutboxException(
          "There is nothing to administer: this application's events are captured in memory");
    }
    return admin;
  }

  /** How the outbox stands. */
  @Produces
  @ApplicationScoped
  OutboxStatus status() {
    return parts()
        .node()
        .<OutboxStatus>map(node -> node)
        .orElse(
            () ->
                new OutboxStatus.Snapshot(
                    Optional.empty(),
                    false,
                    0,
                    0,
                    0,
                    Optional.empty(),
                    0,
                    0,
                    0,
                    0,
                    Optional.of("this node does not drain (drivetrain.outbox.drain=false)")));
  }

  /** Whether transactions can write their events, for health. */
  public boolean writable() {
    return parts().node().map(OutboxNode::writable).orElse(true);
  }

  /** Checks every setting, so that a wrong one fails the deployment, and drains when it may. */
  void start(@Observes @Priority(LATE) Startup event) {
    parts().node().ifPresent(this::startWhenMet);
  }

  private void startWhenMet(OutboxNode node) {
    // Not earlier: the application may set its OpenTelemetry when it starts.
    metrics.set(Metrics.find(this::bean));
    node.observe(metrics.get());
    List<StartCondition> awaited = new ArrayList<>();
    conditions.forEach(awaited::add);
    CompletableFuture<Void> met = StartCondition.all(awaited).toCompletableFuture();
    if (met.isDone()) {
      node.missingTables()
          .ifPresent(
              sentence -> {
                throw new OutboxException(sentence);
              });
    } else {
      node.awaits(() -> String.join(", ", StartCondition.unmet(awaited)));
    }
    met.thenRun(node::start);
  }

  private Optional<?> bean(Class<?> type) {
    Instance<?> found = beans.select(type);
    return found.isResolvable() ? Optional.of(found.get()) : Optional.empty();
  }

  void destroyed(@Observes @Priority(50) @BeforeDestroyed(ApplicationScoped.class) Object event) {
    stop();
  }

  void shutdown(@Observes @Priority(50) Shutdown event) {
    stop();
  }

  private void stop() {
    Parts existing;
    synchronized (this) {
      existing = parts;
    }
    if (existing != null) {
      existing.node().ifPresent(OutboxNode::stop);
    }
    metrics.getAndSet(Metrics.NONE).close();
  }

  private synchronized Parts parts() {
    if (parts == null) {
      parts = make();
    }
    return parts;
  }

  private Parts make() {
    Config config = ConfigProvider.getConfig();
    OutboxSettings settings = OutboxSettings.of(config);
    if (captures.isResolvable()) {
      return captured(config, settings);
    }
    DataSource dataSource =
        DatabaseSettings.dataSource(DatabaseSettings.DATA_SOURCE, settings.dataSource());
    Optional<OutboxNode> node =
        Optional.ofNullable(settings.drainer())
            .map(
                drainer ->
                    new OutboxNode(
                        drainer,
                        dataSource,
                        settings.schema(),
                        ContainerThreads.find(),
                        OutboxBeans::producer,
                        System::nanoTime));
    Transactions transactions =
        new Transactions(
            registry(),
            new OutboxWriter(dataSource, settings.schema()),
            buckets -> node.ifPresent(each -> each.committed(buckets)));
    return new Parts(
        new TransactionalOutbox(transactions, Settings.of(config), settings.maxRecordBytes()),
        node,
        new Administration(
            dataSource,
            settings.schema(),
            TopicKeys.of(Settings.of(config)),
            transactions::requireNone,
            () -> node.ifPresent(OutboxNode::look)));
  }

  private Parts captured(Config config, OutboxSettings settings) {
    TransactionSynchronizationRegistry registry = registry();
    Transactions transactions =
        new Transactions(registry, new CapturingWriter(registry, captures.get()), buckets -> {});
    return new Parts(
        new TransactionalOutbox(transactions, Settings.of(config), settings.maxRecordBytes()),
        Optional.empty(),
        null);
  }

  private static Producer<byte[], byte[]> producer(DrainSettings settings) {
    try {
      return new KafkaProducer<>(settings.producer());
    } catch (RuntimeException e) {
      throw Secrets.of(settings.producer()).removedFrom(e);
    }
  }

  private TransactionSynchronizationRegistry registry() {
    if (registries.isResolvable()) {
      return registries.get();
    }
    for (String name : REGISTRIES) {
      try {
        return (TransactionSynchronizationRegistry) new InitialContext().lookup(name);
      } catch (NamingException e) {
        continue;
      }
    }
    throw new OutboxException(
        "The outbox needs JTA and found no TransactionSynchronizationRegistry: neither as a bean"
            + " nor at "
            + String.join(" or ", REGISTRIES));
  }
}
