package io.drivetrain.tests.sync;

import io.drivetrain.connector.Delivery;
import io.drivetrain.entitysync.EntityBatch;
import io.drivetrain.entitysync.EntityConsumer;
import io.drivetrain.entitysync.EntityEvents;
import io.drivetrain.entitysync.Inbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The beans of the nodes. */
final class SyncApps {
  private SyncApps() {}

  /** Keeps items, by whatever way they allow. */
  @ApplicationScoped
  static class Items extends ItemConsumer {
    @Override
    @Incoming("items")
    public void consume(EntityBatch batch) {
      super.consume(batch);
    }
  }

  /** What the consumers of items have in common. */
  abstract static class ItemConsumer extends EntityConsumer<Item> {
    @Override
    protected EntityManager entityManager() {
      return SyncNode.entities();
    }

    @Override
    protected UserTransaction userTransaction() {
      return SyncNode.user();
    }
  }

  /** Keeps items and notes each record it applies, so that one applied twice is seen. */
  @ApplicationScoped
  static class NotedItems extends ItemConsumer {
    @Override
    @Incoming("items")
    public void consume(EntityBatch batch) {
      super.consume(batch);
    }

    @Override
    protected boolean compacts() {
      return false;
    }

    @Override
    protected Map<String, Object> attributes(
        ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload) {
      note("entity", record);
      pause();
      return payload;
    }
  }

  /** Notes each record it gets, in its own transaction. */
  @ApplicationScoped
  static class Journal {
    @Inject Inbox inbox;
    @Inject Delivery delivery;

    @Incoming("journal")
    void note(List<ConsumerRecord<byte[], byte[]>> records) throws Exception {
      SyncNode.user().begin();
      try {
        OptionalLong from = inbox.begin();
        for (ConsumerRecord<byte[], byte[]> record : records) {
          if (from.isPresent() && record.offset() >= from.getAsLong()) {
            SyncApps.note("journal", record);
            pause();
          }
        }
        SyncNode.user().commit();
      } catch (RuntimeException e) {
        SyncNode.user().rollback();
        throw e;
      }
    }
  }

  private static void note(String who, ConsumerRecord<?, ?> record) {
    try (Connection connection = SyncNode.dataSource().getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into effect values (?, ?, ?)")) {
      insert.setString(1, who);
      insert.setInt(2, record.partition());
      insert.setLong(3, record.offset());
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pause() {
    if (ThreadLocalRandom.current().nextInt(8) == 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** The entity manager that backfills and pollers use. */
  @ApplicationScoped
  static class Unit {
    @Produces
    EntityManager entities() {
      return SyncNode.entities();
    }
  }

  /** Asks for all items, unless an earlier process has. */
  static void republish() throws Exception {
    SyncNode.user().begin();
    if (EntityEvents.backfills().isEmpty()) {
      EntityEvents.republish(Item.class);
    }
    SyncNode.user().commit();
  }

  /**
   * Gives items the next number of a sequence as their amount, so that what is older can be told
   * from what is newer, whichever process wrote it; one thread.
   */
  static final class Updates {
    private final Random random = new Random();

    /** One transaction: two items are changed, removed, or made again. */
    void update() throws Exception {
      SyncNode.user().begin();
      try {
        EntityManager entities = SyncNode.entities();
        for (int i = 0; i < 2; i++) {
          update(entities, 1 + 3 * random.nextInt(BackfillKillTest.ITEMS / 3));
        }
        SyncNode.user().commit();
      } catch (RuntimeException e) {
        SyncNode.user().rollback();
        throw e;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }

    private void update(EntityManager entities, int id) {
      Item item = entities.find(Item.class, id);
      if (item != null && random.nextInt(5) == 0) {
        entities.remove(item);
        return;
      }
      if (item == null) {
        item = new Item(id);
        entities.persist(item);
      }
      item.amount =
          ((Number) entities.createNativeQuery("select nextval('change')").getSingleResult())
              .intValue();
    }
  }

  /** Changes items at random until it is told to end; one thread. */
  static final class Changes {
    private static final int ITEMS = 200;
    private final Random random;

    Changes(long seed) {
      this.random = new Random(seed);
    }

    /** One transaction, which may roll back. */
    void change() throws Exception {
      UserTransaction transaction = SyncNode.user();
      transaction.begin();
      try {
        EntityManager entities = SyncNode.entities();
        int changes = 1 + random.nextInt(5);
        for (int i = 0; i < changes; i++) {
          change(entities);
        }
        if (random.nextInt(10) == 0) {
          transaction.rollback();
        } else {
          transaction.commit();
        }
      } catch (RuntimeException e) {
        transaction.rollback();
        throw e;
      }
    }

    private void change(EntityManager entities) {
      int id = random.nextInt(ITEMS);
      Item item = entities.find(Item.class, id);
      if (item == null) {
        item = new Item(id);
        fill(item);
        entities.persist(item);
      } else if (random.nextInt(4) == 0) {
        entities.remove(item);
        entities.flush();
        if (random.nextBoolean()) {
          Item again = new Item(id);
          fill(again);
          entities.persist(again);
        }
      } else {
        fill(item);
      }
      if (random.nextInt(3) == 0) {
        entities.flush();
      }
    }

    private void fill(Item item) {
      item.name = random.nextInt(5) == 0 ? null : "n" + random.nextInt(1000);
      item.amount = random.nextInt(5) == 0 ? null : random.nextInt();
      item.price = new java.math.BigDecimal(random.nextInt(1_000_000)).movePointLeft(2);
      item.flag = random.nextBoolean();
      item.changed = java.time.Instant.ofEpochMilli(random.nextInt() * 1000L);
    }
  }
}
