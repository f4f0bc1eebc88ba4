package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.CollectionMode;
import io.drivetrain.entitysync.EntityKey;
import io.drivetrain.entitysync.VersionGuard;
import io.drivetrain.entitysync.WriteMode;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What an entity consumer's subclass may decide; see the methods of the same names there. */
public interface Hooks<E> {
  /** Whether a record is meant for this table. */
  boolean accepts(ConsumerRecord<byte[], byte[]> record);

  /** The attributes to assign; null skips the record. */
  Map<String, Object> attributes(
      ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload);

  /** The entity of a key, null if there is none. */
  E find(EntityManager entities, EntityKey key, Map<String, Object> payload);

  /** Gives a new entity its key. */
  void assignKey(E entity, EntityKey key, Map<String, Object> payload);

  /** Removes what a tombstone names. */
  void remove(EntityManager entities, E entity);

  /** The attributes that make the key; none for the id. */
  List<String> keyAttributes();

  /** What tells old records from new ones. */
  VersionGuard guard();

  /** The key attribute of the entities that associations refer to, by association. */
  Map<String, String> references();

  /** What becomes of collections that payloads carry, by name. */
  Map<String, CollectionMode> collections();

  /** Whether only the last record of a key is applied. */
  boolean compacts();

  /** The most changes of one statement or flush. */
  int maxDbBatchSize();

  /** How batches are written. */
  WriteMode writeMode();

  /** Whether what is consumed is published again. */
  boolean republishes();

  /** The data source of the entity's unit, if the consumer names one. */
  Optional<DataSource> dataSource();

  /** The hooks that the subclass overrides, by method name. */
  List<String> overridden();
}
