package io.drivetrain.entitysync;

import io.drivetrain.entitysync.internal.consume.ConsumedEntity;
import io.drivetrain.entitysync.internal.consume.Hooks;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Lets the engine call a consumer's protected methods. What cannot change is asked for once. */
final class ConsumerHooks<E> implements Hooks<E> {
  private final EntityConsumer<E> consumer;
  private final VersionGuard guard;
  private final Map<String, String> references;
  private final Map<String, CollectionMode> collections;
  private final List<String> overridden;

  ConsumerHooks(EntityConsumer<E> consumer) {
    this.consumer = consumer;
    this.guard = consumer.guard();
    this.references = consumer.references();
    this.collections = consumer.collections();
    this.overridden = ConsumedEntity.overridden(consumer.getClass());
  }

  @Override
  public boolean accepts(ConsumerRecord<byte[], byte[]> record) {
    return consumer.accepts(record);
  }

  @Override
  public Map<String, Object> attributes(
      ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload) {
    return consumer.attributes(record, payload);
  }

  @Override
  public E find(EntityManager entities, EntityKey key, Map<String, Object> payload) {
    return consumer.find(entities, key, payload);
  }

  @Override
  public void assignKey(E entity, EntityKey key, Map<String, Object> payload) {
    consumer.assignKey(entity, key, payload);
  }

  @Override
  public void remove(EntityManager entities, E entity) {
    consumer.remove(entities, entity);
  }

  @Override
  public List<String> keyAttributes() {
    return consumer.keyAttributes();
  }

  @Override
  public VersionGuard guard() {
    return guard;
  }

  @Override
  public Map<String, String> references() {
    return references;
  }

  @Override
  public Map<String, CollectionMode> collections() {
    return collections;
  }

  @Override
  public boolean compacts() {
    return consumer.compacts();
  }

  @Override
  public int maxDbBatchSize() {
    return consumer.maxDbBatchSize();
  }

  @Override
  public WriteMode writeMode() {
    return consumer.writeMode();
  }

  @Override
  public boolean republishes() {
    return consumer.republishes();
  }

  @Override
  public Optional<DataSource> dataSource() {
    return consumer.dataSource();
  }

  @Override
  public List<String> overridden() {
    return overridden;
  }
}
