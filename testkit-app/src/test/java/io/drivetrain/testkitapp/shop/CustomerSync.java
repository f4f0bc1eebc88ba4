package io.drivetrain.testkitapp.shop;

import io.drivetrain.entitysync.EntityBatch;
import io.drivetrain.entitysync.EntityConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Follows the topic of customers. */
@ApplicationScoped
public class CustomerSync extends EntityConsumer<Customer> {
  @Override
  @Incoming("customers")
  public void consume(EntityBatch batch) {
    super.consume(batch);
  }
}
