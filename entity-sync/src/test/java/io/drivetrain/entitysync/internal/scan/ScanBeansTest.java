package io.drivetrain.entitysync.internal.scan;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.entitysync.Backfill;
import io.drivetrain.entitysync.EntityEvents;
import io.drivetrain.entitysync.internal.boot.EntitySyncExtension;
import io.drivetrain.entitysync.internal.consume.ContainerPersistence;
import io.drivetrain.entitysync.jpa.Narayana;
import io.drivetrain.entitysync.jpa.Provider;
import io.drivetrain.entitysync.shop.Parcel;
import io.drivetrain.entitysync.shop.Widget;
import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.spi.InitialContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backfills and pollers as an application has them: CDI, JNDI, settings, the thread. */
@UsePostgres
class ScanBeansTest {
  /** What the beans and names of the application give; one application at a time. */
  private static StoredShop shop;

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  private String namesBefore;

  @BeforeEach
  void open(Postgres postgres) throws Exception {
    shop = new StoredShop(Provider.HIBERNATE, postgres);
    namesBefore = System.getProperty(Context.INITIAL_CONTEXT_FACTORY);
    System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Names.class.getName());
    System.setProperty("drivetrain.outbox.data-source", "jdbc/shop");
    // Configuration is kept by loader, and this test has its own.
    Thread.currentThread().setContextClassLoader(new WithoutUnits(before));
  }

  @AfterEach
  void close() {
    Thread.currentThread().setContextClassLoader(before);
    System.clearProperty("drivetrain.outbox.data-source");
    if (namesBefore == null) {
      System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
    } else {
      System.setProperty(Context.INITIAL_CONTEXT_FACTORY, namesBefore);
    }
    shop.close();
  }

  @Test
  void an_application_republishes_a_table_when_its_transaction_commits() throws Exception {
    shop.shop.inTransaction(
        em -> {
          for (int i = 1; i <= 5; i++) {
            em.persist(new Widget(i, "w" + i, "1"));
          }
        });
    shop.forgetEvents();
    try (SeContainer container = deploy()) {
      assertThat(container.isRunning()).isTrue();
      shop.shop.rolledBack(em -> EntityEvents.republish(Widget.class));
      assertThat(EntityEvents.backfills()).isEmpty();

      shop.shop.inTransaction(em -> EntityEvents.republish(Widget.class, "e.id <> 3"));
      eventually(
          () ->
              assertThat(EntityEvents.backfills())
                  .extracting(Backfill::finished)
                  .containsExactly(true));
      assertThat(shop.keys()).containsExactly("1", "2", "4", "5");

      shop.shop.inTransaction(
          em -> assertThat(EntityEvents.published(Widget.class, List.of(3L))).isEqualTo(1));
      assertThat(shop.keys()).endsWith("3");
      assertThat(EntityEvents.cancelRepublish(Widget.class)).isFalse();
      assertThatThrownBy(() -> EntityEvents.republish(String.class))
          .hasMessageContaining("is not @Published");
    }
  }

  @Test
  void a_poller_of_the_settings_runs() throws Exception {
    Map<String, String> settings =
        Map.of(
            "drivetrain.entity-sync.pollers.post.entity", "Parcel",
            "drivetrain.entity-sync.pollers.post.timestamp", "changed",
            "drivetrain.entity-sync.pollers.post.every", "100ms",
            "drivetrain.entity-sync.pollers.post.lag", "0s");
    settings.forEach(System::setProperty);
    try (SeContainer container = deploy()) {
      shop.sql("insert into parcel (id, name, changed) values (1, 'a', clock_timestamp())");
      eventually(() -> assertThat(shop.keys()).containsExactly("1"));
      shop.sql("insert into parcel (id, name, changed) values (2, 'b', clock_timestamp())");
      eventually(() -> assertThat(shop.keys()).containsExactly("1", "2"));

      ScanBeans scans = container.select(ScanBeans.class).get();
      eventually(
          () ->
              assertThat(scans.seen().orElseThrow())
                  .singleElement()
                  .satisfies(row -> assertThat(row.published()).isEqualTo(2)));
      assertThat(scans.problem()).isEmpty();
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }

  private static SeContainer deploy() {
    return SeContainerInitializer.newInstance()
        .disableDiscovery()
        .setClassLoader(Thread.currentThread().getContextClassLoader())
        .addExtensions(new EntitySyncExtension())
        .addBeanClasses(
            Widget.class,
            Parcel.class,
            Parcel.Office.class,
            ContainerPersistence.class,
            ScanBeans.class,
            Beans.class)
        .initialize();
  }

  /** What a server and the outbox give. */
  static class Beans {
    @Produces
    EntityManager entityManager() {
      return (EntityManager)
          Proxy.newProxyInstance(
              Beans.class.getClassLoader(),
              new Class<?>[] {EntityManager.class},
              (proxy, method, arguments) -> {
                try {
                  return method.invoke(shop.shop.entities(), arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    @Produces
    UserTransaction transaction() {
      return Narayana.user();
    }

    @Produces
    PendingMessages outbox() {
      return shop.outbox;
    }
  }

  /** Hides the persistence units of the test class path, which hold more than this application. */
  private static final class WithoutUnits extends URLClassLoader {
    WithoutUnits(ClassLoader parent) {
      super(new URL[0], parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.equals("META-INF/persistence.xml")
          ? Collections.emptyEnumeration()
          : super.getResources(name);
    }
  }

  /** JNDI with one name; public for the JDK, which makes it by name. */
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
                if ("jdbc/shop".equals(arguments[0].toString())) {
                  return shop.shop.dataSource();
                }
                throw new NameNotFoundException(arguments[0].toString());
              });
    }
  }
}
