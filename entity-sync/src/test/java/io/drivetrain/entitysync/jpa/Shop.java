package io.drivetrain.entitysync.jpa;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import io.drivetrain.entitysync.EntityPublisher;
import io.drivetrain.entitysync.internal.publish.Publications;
import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.publish.Publishers;
import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.schema.Codecs;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.testkit.Postgres;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.persistence.jpa.JpaHelper;
import org.eclipse.persistence.logging.SessionLog;

/** A persistence unit on a fresh database, with JTA and an outbox in memory. */
public final class Shop implements AutoCloseable {
  /** An event that committed. */
  public record Event(
      String topic, String key, Map<String, Object> payload, Map<String, String> headers) {}

  /** Work with a transaction's entity manager. */
  @FunctionalInterface
  public interface Work {
    void with(EntityManager entities) throws Exception;
  }

  final Postgres postgres;
  final String database;
  private final AgroalDataSource source;
  private final EntityManagerFactory factory;
  private final MemoryOutbox outbox = new MemoryOutbox();
  private final Publisher publisher;
  private final TransactionSynchronizationRegistry registry = Narayana.registry();

  public Shop(Provider provider, Postgres postgres) throws Exception {
    this(provider, postgres, null);
  }

  /** With another outbox. */
  public Shop(Provider provider, Postgres postgres, PendingMessages other) throws Exception {
    this.postgres = postgres;
    this.database = postgres.createDatabase();
    this.source = pool(postgres, database);
    Map<String, Object> properties = new HashMap<>(provider.properties);
    properties.put("jakarta.persistence.jtaDataSource", source);
    properties.put("jakarta.persistence.nonJtaDataSource", postgres.dataSource(database));
    properties.put("jakarta.persistence.schema-generation.database.action", "create");
    this.factory = Persistence.createEntityManagerFactory(provider.unit, properties);
    Publications publications =
        new Publications(Settings.of(ConfigProvider.getConfig()), Shop::publisher);
    this.publisher = new Publisher(publications, () -> other == null ? outbox : other);
    Publishers.register(publisher);
    factory.createEntityManager().close(); // EclipseLink deploys, and makes its tables, at first.
    // EclipseLink's own statement for an identity column is refused by this PostgreSQL.
    postgres.execute(
        database,
        "create table if not exists ticket (id bigserial primary key, text varchar(255));"
            + " create table if not exists contact (id bigserial primary key,"
            + " email varchar(255) not null unique, full_name varchar(20), visits integer,"
            + " active boolean, seen bigint, origin varchar(255))");
  }

  /** What CDI does in an application. */
  public static EntityPublisher<?> publisher(Class<?> type) {
    try {
      return (EntityPublisher<?>) type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** A pool that takes part in JTA transactions. */
  public static AgroalDataSource pool(Postgres postgres, String database) throws Exception {
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                pool ->
                    pool.maxSize(50)
                        .acquisitionTimeout(Duration.ofSeconds(20))
                        .transactionIntegration(
                            new NarayanaTransactionIntegration(
                                Narayana.manager(), Narayana.registry()))
                        .connectionFactoryConfiguration(
                            factory ->
                                factory
                                    .jdbcUrl(postgres.jdbcUrl(database))
                                    .principal(new NamePrincipal(postgres.user()))
                                    .credential(new SimplePassword(postgres.password())))));
  }

  public AgroalDataSource dataSource() {
    return source;
  }

  /** EclipseLink has a log of its own. */
  void logNothing(Provider provider) {
    if (provider.unit.equals("eclipselink")) {
      JpaHelper.getServerSession(factory).setLogLevel(SessionLog.OFF);
    }
  }

  /** Commits what the work does, or rolls it back and throws. */
  public void inTransaction(Work work) throws Exception {
    UserTransaction transaction = Narayana.user();
    transaction.begin();
    try {
      work.with(entities());
    } catch (Exception | Error e) {
      transaction.rollback();
      throw e;
    }
    if (transaction.getStatus() == Status.STATUS_MARKED_ROLLBACK) {
      transaction.rollback();
    } else {
      transaction.commit();
    }
  }

  /** Rolls back what the work does. */
  public void rolledBack(Work work) throws Exception {
    UserTransaction transaction = Narayana.user();
    transaction.begin();
    try {
      work.with(entities());
    } finally {
      transaction.rollback();
    }
  }

  /** The transaction's entity manager, as a container would inject it. */
  public EntityManager entities() {
    EntityManager entities = (EntityManager) registry.getResource(this);
    if (entities == null) {
      EntityManager fresh = factory.createEntityManager();
      registry.putResource(this, fresh);
      registry.registerInterposedSynchronization(
          new Synchronization() {
            @Override
            public void beforeCompletion() {}

            @Override
            public void afterCompletion(int status) {
              fresh.close();
            }
          });
      entities = fresh;
    }
    return entities;
  }

  /** What has committed since the last call, in order. */
  public List<Event> events() {
    synchronized (outbox.committed) {
      List<Event> events = outbox.committed.stream().map(Shop::event).toList();
      outbox.committed.clear();
      return events;
    }
  }

  /** The same as text: {@code topic key} with {@code -} in front for a tombstone. */
  public List<String> eventKeys() {
    return events().stream()
        .map(event -> (event.payload() == null ? "-" : "") + event.topic() + " " + event.key())
        .toList();
  }

  /** The messages themselves, to hand them to a consumer. */
  public List<EncodedMessage> messages() {
    synchronized (outbox.committed) {
      List<EncodedMessage> messages = List.copyOf(outbox.committed);
      outbox.committed.clear();
      return messages;
    }
  }

  @SuppressWarnings("unchecked")
  private static Event event(EncodedMessage message) {
    Map<String, Object> payload =
        message.value() == null
            ? null
            : new TreeMap<>(
                (Map<String, Object>)
                    Codecs.json().decode(message.topic(), message.value(), Map.class));
    Map<String, String> headers = new TreeMap<>();
    message
        .headers()
        .forEach(
            each -> headers.put(each.name(), new String(each.value(), StandardCharsets.UTF_8)));
    return new Event(
        message.topic(), new String(message.key(), StandardCharsets.UTF_8), payload, headers);
  }

  /** Rows of a query on a connection of its own. */
  public List<Map<String, Object>> rows(String sql, Object... parameters) {
    return postgres.rows(database, sql, parameters);
  }

  @Override
  public void close() {
    Publishers.unregister(publisher);
    factory.close();
    source.close();
  }
}
