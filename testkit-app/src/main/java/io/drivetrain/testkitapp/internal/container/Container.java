package io.drivetrain.testkitapp.internal.container;

import io.drivetrain.testkitapp.internal.TestBeans;
import jakarta.enterprise.inject.Instance;
import jakarta.persistence.EntityManager;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;

/** The least of a server: one application at a time. One thread starts and closes it. */
public final class Container implements AutoCloseable {
  private static final String DEFAULT_DATA_SOURCE = "java:comp/DefaultDataSource";
  private static final List<String> DATA_SOURCES =
      List.of("drivetrain.outbox.data-source", "drivetrain.migrations.data-source");

  /**
   * What is to be started.
   *
   * @param servers the brokers
   * @param database null for none
   */
  public record Plan(
      List<Class<?>> beans,
      TestBeans objects,
      Map<String, String> settings,
      String servers,
      Database database,
      boolean createTables) {}

  /** What is closed with it, the last made first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private Config config;
  private Persistence persistence;
  private WeldContainer weld;

  private Container() {}

  /**
   * Starts an application.
   *
   * @throws RuntimeException what its deployment failed with
   */
  public static Container start(Plan plan) {
    Container container = new Container();
    try {
      container.boot(plan);
      return container;
    } catch (RuntimeException | Error e) {
      container.close();
      throw e;
    }
  }

  private void boot(Plan plan) {
    requireSmallRye();
    // Names groups and clients, as on a server.
    Jndi.bind("java:app/AppName", "test");
    Jndi.bind("java:comp/UserTransaction", Transactions.user());
    Jndi.bind("java:comp/TransactionSynchronizationRegistry", Transactions.registry());
    // Where Narayana's own beans look.
    Jndi.bind("java:/TransactionManager", Transactions.manager());
    Jndi.bind("java:/TransactionSynchronizationRegistry", Transactions.registry());
    parts.push(Jndi::clear);
    if (plan.database() != null) {
      parts.push(plan.database());
    }
    TestConfig registered = TestConfig.register(plan.settings(), plan.servers());
    parts.push(registered);
    config = registered.config();
    Weld builder =
        new Weld("test-" + UUID.randomUUID())
            .addBeanClasses(plan.beans().toArray(Class<?>[]::new))
            .addBeanClass(TransactionBeans.class)
            .addExtension(plan.objects());
    PersistenceXml xml = PersistenceXml.read();
    DataSource source =
        plan.database() == null ? NoDatabase.dataSource() : plan.database().joining();
    dataSources(xml).forEach(name -> Jndi.bind(name, source));
    if (plan.database() != null) {
      persistence = new Persistence(plan.database(), xml, plan.createTables());
      parts.push(persistence);
      persistence.start();
      builder.addServices(persistence.injection());
      if (xml.units().size() == 1) {
        plan.objects().add(EntityManager.class, persistence.entityManager(""));
      }
    }
    weld = builder.initialize();
    parts.push(weld);
  }

  private Set<String> dataSources(PersistenceXml xml) {
    Set<String> names = new TreeSet<>(xml.dataSources());
    names.add(DEFAULT_DATA_SOURCE);
    DATA_SOURCES.forEach(key -> setting(key).ifPresent(names::add));
    return names;
  }

  /** The specification's jar has less than SmallRye needs, and the first on the class path wins. */
  private static void requireSmallRye() {
    String source = String.valueOf(Message.class.getProtectionDomain().getCodeSource());
    if (source.contains("microprofile-reactive-messaging-api")) {
      throw new IllegalStateException(
          "the class path has microprofile-reactive-messaging-api before"
              + " smallrye-reactive-messaging-api, and SmallRye cannot run so: name"
              + " drivetrain-testkit-app first among the dependencies of the POM");
    }
  }

  /** The application's beans. */
  public Instance<Object> beans() {
    return weld.select(Object.class);
  }

  /** A setting of the application. */
  public Optional<String> setting(String key) {
    return config.getOptionalValue(key, String.class);
  }

  /** The entity manager of the only unit. */
  public EntityManager entityManager() {
    if (persistence == null) {
      throw new IllegalStateException("this application has no database(...)");
    }
    return persistence.entityManager("");
  }

  @Override
  public void close() {
    RuntimeException first = null;
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        if (first == null) {
          first = new IllegalStateException("the application did not stop cleanly", e);
        } else {
          first.addSuppressed(e);
        }
      }
    }
    parts.clear();
    if (first != null) {
      throw first;
    }
  }
}
