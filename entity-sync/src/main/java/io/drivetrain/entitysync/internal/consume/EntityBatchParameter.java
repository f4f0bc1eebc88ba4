package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.connector.BatchParameter;
import io.drivetrain.entitysync.EntityBatch;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Lets the connector deliver batches as {@link EntityBatch}. */
@ApplicationScoped
public class EntityBatchParameter implements BatchParameter<EntityBatch> {

  /** For the container. */
  public EntityBatchParameter() {}

  @Override
  public Class<EntityBatch> type() {
    return EntityBatch.class;
  }

  @Override
  public EntityBatch of(String channel, List<ConsumerRecord<byte[], byte[]>> records) {
    return new EntityBatch(channel, records);
  }
}
