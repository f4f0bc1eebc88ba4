package io.drivetrain.testkitapp.internal.container;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceUnit;
import jakarta.persistence.Query;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The persistence units of the application, on the test's database, and for {@link
 * PersistenceContext} entity managers that belong to the transaction as a server's do. Thread-safe.
 */
public final class Persistence implements AutoCloseable {
  /** By class: its short name is another one in each version. */
  private static final String HIBERNATE_PLATFORM =
      "org.hibernate.engine.transaction.jta.platform.internal.JBossStandAloneJtaPlatform";

  private static final String ECLIPSELINK_PLATFORM =
      "io.drivetrain.testkitapp.internal.eclipselink.NarayanaPlatform";

  private final Database database;
  private final boolean createTables;
  private final PersistenceXml xml;
  private final TransactionSynchronizationRegistry registry = Transactions.registry();
  private final Map<String, EntityManagerFactory> factories = new ConcurrentHashMap<>();

  /** Those that queries outside of a transaction still read with. */
  private final Queue<EntityManager> lasting = new ConcurrentLinkedQueue<>();

  /**
   * Makes nothing yet.
   *
   * @param createTables whether the provider makes the entities' tables
   */
  public Persistence(Database database, PersistenceXml xml, boolean createTables) {
    this.database = database;
    this.xml = xml;
    this.createTables = createTables;
  }

  /** Starts all units, which takes a provider seconds, before anything waits for them. */
  public void start() {
    xml.units().forEach(this::factory);
  }

  /** A unit; the empty name means the only one. */
  public EntityManagerFactory factory(String unit) {
    return factories.computeIfAbsent(xml.unit(unit), this::make);
  }

  private EntityManagerFactory make(String unit) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("jakarta.persistence.jtaDataSource", database.joining());
    properties.put("jakarta.persistence.nonJtaDataSource", database.apart());
    properties.put("hibernate.transaction.jta.platform", HIBERNATE_PLATFORM);
    properties.put("eclipselink.target-server", ECLIPSELINK_PLATFORM);
    if (createTables) {
      properties.put("jakarta.persistence.schema-generation.database.action", "create");
    }
    EntityManagerFactory factory =
        jakarta.persistence.Persistence.createEntityManagerFactory(unit, properties);
    // EclipseLink deploys, and makes its tables, with the first.
    factory.createEntityManager().close();
    return factory;
  }

  /** What a server injects for {@link PersistenceContext}: safe for all threads. */
  public EntityManager entityManager(String unit) {
    return (EntityManager)
        Proxy.newProxyInstance(
            EntityManager.class.getClassLoader(),
            new Class<?>[] {EntityManager.class},
            (self, method, arguments) ->
                method.getDeclaringClass() == Object.class
                    ? method.invoke(this, arguments)
                    : call(factory(unit), method, arguments));
  }

  private Object call(EntityManagerFactory factory, Method method, Object[] arguments)
      throws Throwable {
    EntityManager joined = joined(factory);
    EntityManager used = joined != null ? joined : factory.createEntityManager();
    Object result = null;
    try {
      result = method.invoke(used, arguments);
      return result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      if (joined == null && result instanceof Query) {
        lasting.add(used);
      } else if (joined == null) {
        used.close();
      }
    }
  }

  /** The transaction's, made with its first use; null outside of a transaction. */
  private EntityManager joined(EntityManagerFactory factory) {
    if (registry.getTransactionStatus() == Status.STATUS_NO_TRANSACTION) {
      return null;
    }
    EntityManager existing = (EntityManager) registry.getResource(factory);
    if (existing != null) {
      return existing;
    }
    EntityManager fresh = factory.createEntityManager();
    registry.putResource(factory, fresh);
    registry.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {
            // The provider flushes by itself.
          }

          @Override
          public void afterCompletion(int status) {
            fresh.close();
          }
        });
    return fresh;
  }

  /** For Weld: fields of beans with {@link PersistenceContext} or {@link PersistenceUnit}. */
  public Injection injection() {
    return new Injection(this);
  }

  @Override
  public void close() {
    lasting.forEach(EntityManager::close);
    factories.values().forEach(EntityManagerFactory::close);
  }
}
