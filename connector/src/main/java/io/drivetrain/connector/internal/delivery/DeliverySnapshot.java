package io.drivetrain.connector.internal.delivery;

import io.drivetrain.connector.Delivery;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** A delivery as it was at one moment. Immutable, as far as the record's arrays are left alone. */
record DeliverySnapshot(
    String channel,
    ConsumerRecord<byte[], byte[]> first,
    long lastOffset,
    int size,
    int attempt,
    Optional<Throwable> lastFailure)
    implements Delivery {

  @Override
  public String topic() {
    return first.topic();
  }

  @Override
  public int partition() {
    return first.partition();
  }

  @Override
  public long firstOffset() {
    return first.offset();
  }

  @Override
  public Optional<byte[]> key() {
    return Optional.ofNullable(first.key());
  }

  @Override
  public Headers headers() {
    return first.headers();
  }

  @Override
  public Instant timestamp() {
    return Instant.ofEpochMilli(first.timestamp());
  }

  @Override
  public void produce(ProducerRecord<?, ?> record) {
    throw new IllegalStateException(
        "a snapshot of a delivery cannot produce: nothing waits for what it sends. Produce on the"
            + " thread that runs the consumer method, or send with KafkaSender and return its stage"
            + " from the method");
  }

  @Override
  public Delivery snapshot() {
    return this;
  }
}
