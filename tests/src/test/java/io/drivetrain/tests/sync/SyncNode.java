package io.drivetrain.tests.sync;

import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.spi.InitialContextFactory;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;

/**
 * An application with a database in this JVM: JNDI, JTA, a persistence unit, CDI and the runtime of
 * reactive messaging. One at a time.
 */
final class SyncNode implements AutoCloseable {
  private static final Map<String, Object> NAMES = new ConcurrentHashMap<>();
  private static final TransactionSynchronizationRegistry REGISTRY = transactions();
  private static volatile EntityManagerFactory unit;

  private final AgroalDataSource source;
  private final Config config;
  private final WeldContainer container;

  private SyncNode(AgroalDataSource source, Config config, WeldContainer container) {
    this.source = source;
    this.config = config;
    this.container = container;
  }

  private static TransactionSynchronizationRegistry transactions() {
    try {
      arjPropertyManager.getCoreEnvironmentBean().setNodeIdentifier("sync");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    for (String store : new String[] {"default", "communicationStore", "stateStore"}) {
      BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store)
          .setObjectStoreType(VolatileStore.class.getName());
    }
    return new TransactionSynchronizationRegistryImple();
  }

  /** Starts one on a database whose tables are there. */
  static SyncNode start(
      String jdbcUrl,
      String user,
      String password,
      Map<String, String> settings,
      Class<?>... beans) {
    AgroalDataSource source = pool(jdbcUrl, user, password);
    NAMES.put("jdbc/sync", source);
    // Where Narayana's own beans look.
    NAMES.put("java:/TransactionSynchronizationRegistry", REGISTRY);
    NAMES.put("java:/TransactionManager", manager());
    // Where the specification has it.
    NAMES.put("java:comp/UserTransaction", user());
    System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Names.class.getName());
    unit =
        Persistence.createEntityManagerFactory(
            "sync",
            Map.of(
                "hibernate.transaction.jta.platform",
                "JBossTS",
                "jakarta.persistence.jtaDataSource",
                source,
                "jakarta.persistence.schema-generation.database.action",
                "none"));
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    Config config =
        new SmallRyeConfigBuilder()
            .forClassLoader(loader)
            .addDiscoveredConverters()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(settings, "the test", 1_000))
            .build();
    ConfigProviderResolver.instance().registerConfig(config, loader);
    ConfigProviderResolver.instance().getConfig(loader);
    try {
      Weld weld = new Weld("sync-" + UUID.randomUUID()).addBeanClasses(beans);
      return new SyncNode(source, config, weld.initialize());
    } catch (RuntimeException | Error e) {
      ConfigProviderResolver.instance().releaseConfig(config);
      throw e;
    }
  }

  private static AgroalDataSource pool(String jdbcUrl, String user, String password) {
    try {
      return AgroalDataSource.from(
          new AgroalDataSourceConfigurationSupplier()
              .connectionPoolConfiguration(
                  pool ->
                      pool.maxSize(10)
                          .acquisitionTimeout(Duration.ofSeconds(10))
                          .transactionIntegration(
                              new NarayanaTransactionIntegration(manager(), REGISTRY))
                          .connectionFactoryConfiguration(
                              factory ->
                                  factory
                                      .jdbcUrl(jdbcUrl)
                                      .principal(new NamePrincipal(user))
                                      .credential(new SimplePassword(password)))));
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The application's beans. */
  <T> T get(Class<T> type) {
    return container.select(type).get();
  }

  static TransactionManager manager() {
    return com.arjuna.ats.jta.TransactionManager.transactionManager();
  }

  static UserTransaction user() {
    return com.arjuna.ats.jta.UserTransaction.userTransaction();
  }

  static DataSource dataSource() {
    return (DataSource) NAMES.get("jdbc/sync");
  }

  /** The running transaction's, as a container would inject it. */
  static EntityManager entities() {
    EntityManager known = (EntityManager) REGISTRY.getResource("entities");
    if (known != null) {
      return known;
    }
    EntityManager fresh = unit.createEntityManager();
    REGISTRY.putResource("entities", fresh);
    REGISTRY.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            fresh.close();
          }
        });
    return fresh;
  }

  @Override
  public void close() {
    try {
      container.close();
    } finally {
      ConfigProviderResolver.instance().releaseConfig(config);
      unit.close();
      source.close();
      System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
    }
  }

  /** JNDI out of a map; public for the JDK, which makes it by name. */
  public static class Names implements InitialContextFactory {
    @Override
    public Context getInitialContext(Hashtable<?, ?> environment) {
      return (Context)
          Proxy.newProxyInstance(
              Names.class.getClassLoader(),
              new Class<?>[] {Context.class},
              (proxy, method, arguments) -> {
                if (!method.getName().equals("lookup")) {
                  return null;
                }
                Object found = NAMES.get(arguments[0].toString());
                if (found == null) {
                  throw new NameNotFoundException(arguments[0].toString());
                }
                return found;
              });
    }
  }
}
