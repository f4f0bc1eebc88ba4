package io.drivetrain.entitysync.jpa;

import io.drivetrain.migrations.Migrations;
import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.outbox.internal.drain.DrainSettings;
import io.drivetrain.outbox.internal.drain.OnRefused;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.outbox.internal.drain.ProducerProperties;
import io.drivetrain.outbox.internal.drain.TopicRules;
import io.drivetrain.outbox.internal.lease.LeaseSettings;
import io.drivetrain.outbox.internal.write.OutboxWriter;
import io.drivetrain.outbox.internal.write.TransactionalOutbox;
import io.drivetrain.outbox.internal.write.Transactions;
import io.drivetrain.schema.platform.ContainerThreads;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.testkit.Postgres;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.eclipse.microprofile.config.ConfigProvider;

/** A shop's outbox, on the shop's own data source, and nodes that drain it one after another. */
final class Draining implements PendingMessages, AutoCloseable {
  private final List<OutboxNode> nodes = new CopyOnWriteArrayList<>();
  private Shop shop;
  private TransactionalOutbox outbox;

  /** The shop needs an outbox and the outbox the shop's data source. */
  void open(Shop ofShop, Postgres postgres) {
    shop = ofShop;
    new Migrations(postgres.dataSource(shop.database), "drivetrain").migrate();
    outbox =
        new TransactionalOutbox(
            new Transactions(
                Narayana.registry(),
                new OutboxWriter(shop.dataSource(), "drivetrain"),
                buckets -> nodes.forEach(node -> node.committed(buckets))),
            Settings.of(ConfigProvider.getConfig()),
            1 << 20);
  }

  TransactionalOutbox outbox() {
    return outbox;
  }

  @Override
  public void compute(Object slot, UnaryOperator<Pending> change) {
    outbox.compute(slot, change);
  }

  /** Another node begins and the one before hands over. */
  void nextNode(String bootstrapServers) {
    Map<String, Object> producer = new HashMap<>(ProducerProperties.defaults(1 << 20));
    producer.putAll(ProducerProperties.FIXED);
    producer.put("bootstrap.servers", bootstrapServers);
    OutboxNode next =
        new OutboxNode(
            new DrainSettings(
                new LeaseSettings(
                    "n" + nodes.size(), 1, Duration.ofSeconds(3), Duration.ofSeconds(5)),
                1_000,
                Duration.ofMillis(100),
                Duration.ofSeconds(8),
                4,
                0,
                new TopicRules(OnRefused.PARK, Map.of(), false, Map.of()),
                Optional.empty(),
                producer),
            shop.dataSource(),
            "drivetrain",
            ContainerThreads.find(),
            settings -> new KafkaProducer<>(settings.producer()),
            System::nanoTime);
    next.start();
    if (!nodes.isEmpty()) {
      nodes.get(nodes.size() - 1).stop();
    }
    nodes.add(next);
  }

  /** Rows that wait. */
  long waiting() {
    return (Long) shop.rows("select count(*) as n from drivetrain.outbox").get(0).get("n");
  }

  /** Rows that only the full read found, on any node. */
  long late() {
    return nodes.stream().mapToLong(node -> node.now().late()).sum();
  }

  @Override
  public void close() {
    nodes.forEach(OutboxNode::stop);
  }
}
