package io.drivetrain.entitysync.internal.boot;

import io.drivetrain.entitysync.EntityConsumer;
import io.drivetrain.entitysync.EntityPublisher;
import io.drivetrain.entitysync.Published;
import io.drivetrain.entitysync.internal.consume.ConsumedEntity;
import io.drivetrain.entitysync.internal.consume.DefaultUnit;
import io.drivetrain.entitysync.internal.publish.Publications;
import io.drivetrain.entitysync.internal.publish.PublishedSettings;
import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.publish.Publishers;
import io.drivetrain.entitysync.internal.scan.ScanSettings;
import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.schema.settings.Settings;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.BeforeShutdown;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.ProcessManagedBean;
import jakarta.enterprise.inject.spi.WithAnnotations;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Finds and checks published entities and entity consumers, on the deploying thread. It uses no
 * entity manager: that would create the application's entity listeners before injection works for
 * them.
 */
public class EntitySyncExtension implements Extension {
  private final Set<Class<?>> published = byName();
  private final Set<Class<?>> consumers = byName();
  private List<PersistenceUnit> units = List.of();
  private Publisher publisher;

  /** For the CDI container. */
  public EntitySyncExtension() {}

  private static Set<Class<?>> byName() {
    return new TreeSet<>(Comparator.comparing(Class::getName));
  }

  /** An entity is found as if it were a bean, and is none. */
  void found(
      @Observes @WithAnnotations({Published.class, Published.All.class})
          ProcessAnnotatedType<?> event) {
    published.add(event.getAnnotatedType().getJavaClass());
    event.veto();
  }

  void found(@Observes ProcessManagedBean<? extends EntityConsumer<?>> event) {
    consumers.add(event.getBean().getBeanClass());
  }

  /** With no unit, or several, the container could not say which one is meant. */
  void offerUnit(@Observes ProcessAnnotatedType<DefaultUnit> event) throws IOException {
    if (PersistenceUnit.all(Thread.currentThread().getContextClassLoader()).size() != 1) {
      event.veto();
    }
  }

  void offer(@Observes AfterBeanDiscovery event) {
    event.addBean().types(Publisher.class).scope(Dependent.class).createWith(context -> publisher);
  }

  void check(@Observes AfterDeploymentValidation event, BeanManager beans) {
    try {
      start(beans);
    } catch (IllegalArgumentException | IOException e) {
      event.addDeploymentProblem(new DeploymentException(e.getMessage()));
    }
  }

  private void start(BeanManager beans) throws IOException {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    units = PersistenceUnit.all(loader);
    published.addAll(listed(loader));
    Config config = ConfigProvider.getConfig(loader);
    Settings settings = Settings.of(config);
    PublishedSettings.check(
        settings,
        published.stream().map(Class::getSimpleName).collect(Collectors.toSet()),
        List.of(ScanSettings.SCANS, ScanSettings.BACKFILL, ScanSettings.POLLERS));
    Publications publications =
        new Publications(
            settings,
            type ->
                (EntityPublisher<?>)
                    beans.createInstance().select(type, Any.Literal.INSTANCE).get());
    PublisherCheck publishers = new PublisherCheck(beans);
    ListenerCheck listeners = ListenerCheck.of(loader, units);
    for (Class<?> entity : published) {
      listeners.check(entity);
      publications.check(entity);
      publishers.check(entity);
    }
    ScanSettings.of(settings, published);
    consumers.forEach(ConsumedEntity::check);
    publisher =
        new Publisher(
            publications, () -> beans.createInstance().select(PendingMessages.class).get());
    Publishers.register(publisher);
  }

  /** Published entities that persistence.xml lists; CDI does not look into every jar. */
  private Collection<Class<?>> listed(ClassLoader loader) {
    Set<Class<?>> found = byName();
    for (PersistenceUnit unit : units) {
      for (String name : unit.classes()) {
        try {
          Class<?> type = Class.forName(name, false, loader);
          if (type.getDeclaredAnnotationsByType(Published.class).length > 0) {
            found.add(type);
          }
        } catch (ClassNotFoundException | LinkageError e) {
          // The provider's error to report, and it knows better whether it is one.
        }
      }
    }
    return found;
  }

  void stop(@Observes BeforeShutdown event) {
    if (publisher != null) {
      Publishers.unregister(publisher);
    }
  }

  /** Names of the published entity classes. */
  Set<String> published() {
    return published.stream().map(Class::getName).collect(Collectors.toSet());
  }

  /** The application's persistence units. */
  List<PersistenceUnit> units() {
    return Collections.unmodifiableList(units);
  }
}
