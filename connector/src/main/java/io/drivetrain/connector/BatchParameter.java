package io.drivetrain.connector;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Lets a consumer method take a batch as a type of its own instead of a {@code List}. CDI beans of
 * this type are found at deployment; a method whose only parameter has exactly the class {@link
 * #type()} then receives what {@link #of} makes.
 *
 * @param <T> the parameter type
 */
public interface BatchParameter<T> {

  /** The class a method declares. */
  Class<T> type();

  /**
   * Makes the parameter from the records of one partition, in order. Called on the delivering
   * thread; an exception is a failure of the batch.
   */
  T of(String channel, List<ConsumerRecord<byte[], byte[]>> records);
}
