package ${package}.customers;

import io.drivetrain.entitysync.EntityBatch;
import io.drivetrain.entitysync.EntityConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps the table of customers equal to the topic customers. */
@ApplicationScoped
public class CustomerSync extends EntityConsumer<Customer> {
  @Override
  @Incoming("customers")
  public void consume(EntityBatch batch) {
    super.consume(batch);
  }
}
