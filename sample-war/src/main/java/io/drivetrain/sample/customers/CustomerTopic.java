package io.drivetrain.sample.customers;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;

/** Writes topic {@code customers}. A returned stage completes when Kafka has the record. */
@ApplicationScoped
public class CustomerTopic {
  static final String TOPIC = "customers";

  @Inject
  @Channel("customer-changes")
  private Emitter<ProducerRecord<String, CustomerRecord>> changes;

  /**
   * What a customer's record says.
   *
   * @param name the full name
   * @param city where they live
   */
  public record CustomerRecord(String name, String city) {}

  /** Describes a customer anew. */
  public CompletionStage<Void> put(String id, String name, String city) {
    return changes.send(new ProducerRecord<>(TOPIC, id, new CustomerRecord(name, city)));
  }

  /** Removes a customer: a tombstone. */
  public CompletionStage<Void> remove(String id) {
    return changes.send(new ProducerRecord<>(TOPIC, id, null));
  }
}
