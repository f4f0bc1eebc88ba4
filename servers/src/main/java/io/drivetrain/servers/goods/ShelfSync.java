package io.drivetrain.servers.goods;

import io.drivetrain.entitysync.EntityBatch;
import io.drivetrain.entitysync.EntityConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps {@link ShelfCopy} equal to topic {@code shelves}. */
@ApplicationScoped
public class ShelfSync extends EntityConsumer<ShelfCopy> {

  @Override
  @Incoming("shelves")
  public void consume(EntityBatch batch) {
    super.consume(batch);
  }
}
