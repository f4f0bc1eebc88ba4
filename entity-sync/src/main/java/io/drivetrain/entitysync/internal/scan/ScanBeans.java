package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.Backfill;
import io.drivetrain.entitysync.internal.consume.ContainerPersistence;
import io.drivetrain.entitysync.internal.consume.JtaTransaction;
import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.scan.ScanTable.Row;
import io.drivetrain.schema.platform.ContainerThreads;
import io.drivetrain.schema.platform.DatabaseSettings;
import io.drivetrain.schema.platform.StartCondition;
import io.drivetrain.schema.settings.Settings;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * What {@link io.drivetrain.entitysync.EntityEvents} offers about whole tables, and the life of the
 * thread that works on it: made at the start if the application publishes entities, begins once
 * every {@link StartCondition} is met.
 */
@ApplicationScoped
public class ScanBeans {
  private static final Logger LOG = System.getLogger(ScanBeans.class.getName());
  private static final int LATE = 10_000;

  @Inject @Any Instance<StartCondition> conditions;
  @Inject Instance<Publisher> publishers;
  @Inject ContainerPersistence persistence;

  /** Guarded by this. */
  private Parts parts;

  private record Parts(
      Publisher publisher,
      ScanTable table,
      ScanSettings settings,
      ScanWork work,
      Optional<ScanThread> thread) {}

  /** For the container. */
  public ScanBeans() {}

  /** Publishes entities by their ids in the caller's transaction; returns how many there are. */
  public int published(Class<?> entity, Collection<?> ids) {
    return new BulkPublishing(() -> parts().publisher(), this::entityManager)
        .published(entity, ids);
  }

  /** Begins a backfill. */
  public void republish(Class<?> entity, String condition) {
    Parts now = parts();
    Backfills.begin(now.table(), now.publisher(), entity, condition, now.settings());
    now.thread().ifPresent(ScanThread::look);
  }

  /** Ends a backfill; false if there is none. */
  public boolean cancel(Class<?> entity) {
    return Backfills.cancel(parts().table(), entity);
  }

  /** Every backfill. */
  public List<Backfill> backfills() {
    return Backfills.all(parts().table());
  }

  void start(@Observes @Priority(LATE) Startup event) {
    Optional<Publisher> publisher = publishers.stream().findFirst();
    if (publisher.isEmpty() || publisher.get().deployed().isEmpty()) {
      return;
    }
    parts().thread().ifPresent(thread -> StartCondition.all(conditions).thenRun(thread::start));
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
      existing.thread().ifPresent(ScanThread::stop);
    }
  }

  /** What health shows; nothing before the start. */
  Optional<List<Row>> seen() {
    return existing().map(now -> now.work().seen());
  }

  /** Why the database does not answer. */
  Optional<String> problem() {
    return existing()
        .flatMap(Parts::thread)
        .flatMap(thread -> Optional.ofNullable(thread.problem()));
  }

  private synchronized Optional<Parts> existing() {
    return Optional.ofNullable(parts);
  }

  private synchronized Parts parts() {
    if (parts == null) {
      parts = make();
    }
    return parts;
  }

  private Parts make() {
    Settings root = Settings.of(ConfigProvider.getConfig());
    Publisher publisher = publishers.get();
    ScanSettings settings = ScanSettings.of(root, publisher.deployed());
    ScanTable table =
        new ScanTable(
            DatabaseSettings.dataSource(
                DatabaseSettings.DATA_SOURCE,
                root.text(DatabaseSettings.DATA_SOURCE, DatabaseSettings.DEFAULT_DATA_SOURCE)),
            DatabaseSettings.schema(root));
    ScanWork work =
        new ScanWork(
            table,
            settings,
            publisher,
            this::entityManager,
            // Looked up when there is something to do: few applications have a scan.
            () -> new JtaTransaction(persistence.userTransaction()));
    return new Parts(
        publisher,
        table,
        settings,
        work,
        settings.enabled()
            ? Optional.of(new ScanThread(work, ContainerThreads.find()))
            : Optional.empty());
  }

  private EntityManager entityManager(Class<?> entity) {
    // Not publishers.get(): what it gives would be kept for each call until this bean ends.
    return parts().publisher().entityManager(entity).orElseGet(persistence::entityManager);
  }
}
