package io.drivetrain.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import io.drivetrain.entitysync.internal.publish.Publications;
import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.publish.Publishers;
import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.outbox.internal.write.TransactionalOutbox;
import io.drivetrain.outbox.internal.write.Transactions;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Hibernate's own events become. */
@UsePostgres
class PublishedIntegratorTest {
  static {
    for (String bean : new String[] {"", "communicationStore.", "stateStore."}) {
      System.setProperty(
          "com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean." + bean + "objectStoreDir",
          "target/narayana");
    }
    System.setProperty("com.arjuna.ats.arjuna.nodeIdentifier", "test");
  }

  private final TransactionSynchronizationRegistry registry =
      new TransactionSynchronizationRegistryImple();

  /** What was written by transactions that may still roll back; they do not here. */
  private final List<String> events = new ArrayList<>();

  private AgroalDataSource source;
  private EntityManagerFactory factory;
  private Publisher publisher;

  @BeforeEach
  void open(Postgres postgres) throws Exception {
    String database = postgres.createDatabase();
    source =
        AgroalDataSource.from(
            new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(
                    pool ->
                        pool.maxSize(8)
                            .transactionIntegration(
                                new NarayanaTransactionIntegration(
                                    com.arjuna.ats.jta.TransactionManager.transactionManager(),
                                    registry))
                            .connectionFactoryConfiguration(
                                connections ->
                                    connections
                                        .jdbcUrl(postgres.jdbcUrl(database))
                                        .principal(new NamePrincipal(postgres.user()))
                                        .credential(new SimplePassword(postgres.password())))));
    PendingMessages outbox =
        new TransactionalOutbox(
            new Transactions(
                registry,
                messages -> {
                  messages.forEach(
                      each ->
                          events.add(
                              (each.value() == null ? "-" : "")
                                  + each.topic()
                                  + " "
                                  + new String(each.key(), StandardCharsets.UTF_8)));
                  return 1;
                },
                buckets -> {}),
            Settings.of(ConfigProvider.getConfig()),
            1 << 20);
    publisher =
        new Publisher(
            new Publications(Settings.of(ConfigProvider.getConfig()), type -> null), () -> outbox);
    Publishers.register(publisher);
    factory =
        Persistence.createEntityManagerFactory(
            "shop",
            Map.of(
                "hibernate.transaction.jta.platform",
                "JBossTS",
                "jakarta.persistence.jtaDataSource",
                source,
                "jakarta.persistence.nonJtaDataSource",
                postgres.dataSource(database),
                "jakarta.persistence.schema-generation.database.action",
                "create"));
  }

  @AfterEach
  void close() {
    Publishers.unregister(publisher);
    factory.close();
    source.close();
  }

  @Test
  void an_entity_without_listener_is_published() throws Exception {
    inTransaction(em -> em.persist(new Unheard(1, "a")));
    inTransaction(em -> em.find(Unheard.class, 1L).name = "b");
    inTransaction(em -> em.remove(em.find(Unheard.class, 1L)));

    assertThat(events).containsExactly("unheard 1", "unheard 1", "-unheard 1");
  }

  @Test
  void an_update_is_told_by_what_hibernate_found_changed() throws Exception {
    inTransaction(em -> em.persist(new Unheard(1, "a")));
    events.clear();

    inTransaction(em -> em.find(Unheard.class, 1L).note = "unwatched, beside a value of our own");
    assertThat(events).isEmpty();
    inTransaction(em -> em.find(Unheard.class, 1L).money = new Unheard.Money(6));
    assertThat(events).containsExactly("unheard 1");
  }

  @Test
  void one_that_is_also_listened_to_is_published_once() throws Exception {
    inTransaction(em -> em.persist(new Heard(1, "a")));
    inTransaction(
        em -> {
          Heard created = new Heard(2, "b");
          em.persist(created);
          em.flush();
          em.remove(created);
        });
    inTransaction(em -> em.find(Heard.class, 1L).code = "c");
    inTransaction(em -> em.remove(em.find(Heard.class, 1L)));

    assertThat(events).containsExactly("heard a", "-heard a", "heard c", "-heard c");
  }

  @Test
  void a_stateless_session_is_heard() throws Exception {
    inTransaction(
        em -> {
          try (StatelessSession session =
              factory.unwrap(SessionFactory.class).openStatelessSession()) {
            session.insert(new Unheard(1, "a"));
            session.insert(new Heard(1, "h"));
          }
        });
    inTransaction(
        em -> {
          try (StatelessSession session =
              factory.unwrap(SessionFactory.class).openStatelessSession()) {
            Unheard unheard = session.get(Unheard.class, 1L);
            unheard.name = "b";
            session.update(unheard);
            session.delete(session.get(Heard.class, 1L));
          }
        });

    assertThat(events).containsExactly("unheard 1", "heard h", "unheard 1", "-heard h");
  }

  @Test
  void a_rollback_leaves_nothing() throws Exception {
    UserTransaction transaction = com.arjuna.ats.jta.UserTransaction.userTransaction();
    transaction.begin();
    EntityManager em = factory.createEntityManager();
    em.persist(new Unheard(1, "a"));
    em.flush();
    transaction.rollback();
    em.close();

    assertThat(events).isEmpty();
  }

  private void inTransaction(Consumer<EntityManager> work) throws Exception {
    UserTransaction transaction = com.arjuna.ats.jta.UserTransaction.userTransaction();
    transaction.begin();
    EntityManager em = factory.createEntityManager();
    try {
      work.accept(em);
      transaction.commit();
    } finally {
      if (transaction.getStatus() != jakarta.transaction.Status.STATUS_NO_TRANSACTION) {
        transaction.rollback();
      }
      em.close();
    }
  }
}
