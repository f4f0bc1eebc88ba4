package io.drivetrain.tests.benchmark.outbox;

import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.agroal.api.AgroalDataSource;
import io.agroal.narayana.NarayanaTransactionIntegration;
import io.drivetrain.migrations.Migrations;
import io.drivetrain.outbox.internal.drain.DrainSettings;
import io.drivetrain.outbox.internal.drain.OnRefused;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.outbox.internal.drain.TopicRules;
import io.drivetrain.outbox.internal.lease.LeaseSettings;
import io.drivetrain.outbox.internal.write.OutboxWriter;
import io.drivetrain.outbox.internal.write.TransactionalOutbox;
import io.drivetrain.outbox.internal.write.Transactions;
import io.drivetrain.schema.platform.ContainerThreads;
import io.drivetrain.schema.settings.Settings;
import jakarta.transaction.TransactionManager;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.ConfigProvider;

/** Drivetrain with its defaults, in JTA transactions of Narayana on a pool of Agroal. */
final class DrivetrainRelay implements Relay {
  private static final int BATCH = Integer.getInteger("benchmark.batch", 2_000);

  private final Site site;
  private final TransactionManager manager;
  private final AgroalDataSource pool;
  private final TransactionalOutbox outbox;
  private Consumer<byte[]> acknowledged;
  private volatile OutboxNode node;

  /**
   * @param asks whether the pool's connections say that they commit by themselves, as XA
   *     connections of Open Liberty do, so that the database is asked
   */
  DrivetrainRelay(Site site, boolean asks) throws Exception {
    this.site = site;
    arjPropertyManager.getCoreEnvironmentBean().setNodeIdentifier("benchmark");
    for (String store : new String[] {"default", "communicationStore", "stateStore"}) {
      BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store)
          .setObjectStoreType(VolatileStore.class.getName());
    }
    TransactionSynchronizationRegistryImple registry =
        new TransactionSynchronizationRegistryImple();
    manager = com.arjuna.ats.jta.TransactionManager.transactionManager();
    pool = Pools.pool(site, new NarayanaTransactionIntegration(manager, registry));
    outbox =
        new TransactionalOutbox(
            new Transactions(
                registry,
                new OutboxWriter(asks ? Asked.of(pool) : pool, "drivetrain"),
                buckets -> {
                  OutboxNode draining = node;
                  if (draining != null) {
                    draining.committed(buckets);
                  }
                }),
            Settings.of(ConfigProvider.getConfig()),
            1 << 20);
  }

  @Override
  public void prepare() {
    new Migrations(site.dataSource(), "drivetrain").migrate();
  }

  @Override
  public void transaction(Work work, long first, int count) throws Exception {
    manager.begin();
    if (work != null) {
      try (Connection connection = pool.getConnection()) {
        work.on(connection);
      }
    }
    for (long number = first; number < first + count; number++) {
      outbox.publish(site.topic(), Events.key(number), Events.bytes(Events.value(number)));
    }
    manager.commit();
  }

  @Override
  public void start() {
    OutboxNode starting =
        new OutboxNode(
            new DrainSettings(
                new LeaseSettings("n", 1, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                BATCH,
                Duration.ofMillis(200),
                Duration.ofSeconds(30),
                4,
                0,
                new TopicRules(OnRefused.PARK, Map.of(), false, Map.of()),
                Optional.empty(),
                Kafka.properties(site)),
            pool,
            "drivetrain",
            ContainerThreads.find(),
            settings -> producer(settings.producer()),
            System::nanoTime);
    starting.start();
    node = starting;
  }

  @SuppressWarnings("unchecked")
  private Producer<byte[], byte[]> producer(Map<String, Object> properties) {
    KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties);
    if (acknowledged == null) {
      return producer;
    }
    return (Producer<byte[], byte[]>)
        Proxy.newProxyInstance(
            DrivetrainRelay.class.getClassLoader(),
            new Class<?>[] {Producer.class},
            (proxy, method, arguments) -> {
              try {
                if (method.getName().equals("send") && arguments.length == 2) {
                  ProducerRecord<byte[], byte[]> record =
                      (ProducerRecord<byte[], byte[]>) arguments[0];
                  return producer.send(record, heard(record.value(), (Callback) arguments[1]));
                }
                return method.invoke(producer, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private Callback heard(byte[] value, Callback callback) {
    return (metadata, failure) -> {
      if (failure == null) {
        acknowledged.accept(value);
      }
      callback.onCompletion(metadata, failure);
    };
  }

  @Override
  public long done() {
    return node == null ? 0 : node.now().sent();
  }

  @Override
  public void onAcknowledged(Consumer<byte[]> listener) {
    acknowledged = listener;
  }

  @Override
  public void close() {
    if (node != null) {
      node.stop();
    }
    pool.close();
  }
}
