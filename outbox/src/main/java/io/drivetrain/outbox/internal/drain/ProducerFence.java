package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.lease.Fence;
import io.drivetrain.outbox.internal.lease.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/**
 * Takes the transactional ids of shards for a moment: Kafka aborts what was open under them and
 * refuses whoever had them. Used by the thread of leases.
 *
 * @param prefix with what the transactional ids begin
 * @param producers makes a producer of the settings' properties
 */
record ProducerFence(
    DrainSettings settings,
    String prefix,
    Function<DrainSettings, Producer<byte[], byte[]>> producers)
    implements Fence {

  @Override
  public Optional<String> raise(List<String> names) {
    for (String name : names) {
      String id = Lease.transactionalId(prefix, name);
      try (Closing producer = new Closing(producers.apply(settings.transactional(id)))) {
        producer.producer().initTransactions();
      } catch (KafkaException e) {
        return Optional.of(
            settings.kafka() + " cannot fence transactional.id " + id + ": " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** At once: nothing is under way. */
  private record Closing(Producer<byte[], byte[]> producer) implements AutoCloseable {
    @Override
    public void close() {
      producer.close(Duration.ZERO);
    }
  }
}
