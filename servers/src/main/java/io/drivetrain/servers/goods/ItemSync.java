package io.drivetrain.servers.goods;

import io.drivetrain.entitysync.EntityBatch;
import io.drivetrain.entitysync.EntityConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps {@link ItemCopy} equal to topic {@code items}. */
@ApplicationScoped
public class ItemSync extends EntityConsumer<ItemCopy> {

  @Override
  @Incoming("items")
  public void consume(EntityBatch batch) {
    super.consume(batch);
  }
}
