package io.drivetrain.connector.internal.opentelemetry;

import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.internal.observe.LaneObserver;
import io.opentelemetry.api.common.Attributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Measures the deliveries of one lane. Owned by the lane's thread. Records are counted here and
 * passed on once per run.
 */
final class LaneMetrics implements LaneObserver {
  private static final double NANOS = 1e9;

  private final Attributes channel;
  private final Metrics metrics;
  private final LongSupplier nanos;
  private final Map<TopicPartition, Attributes> known = new HashMap<>();
  private String topic = "";
  private int partition = -1;

  /** Of the topic and partition above. */
  private Attributes attributes;

  private int size;
  private long consumed;
  private long begun;

  LaneMetrics(Attributes channel, Metrics metrics, LongSupplier nanos) {
    this.channel =
        channel.toBuilder()
            .put(Names.OPERATION, "process")
            .put(Names.OPERATION_TYPE, "process")
            .build();
    this.metrics = metrics;
    this.nanos = nanos;
  }

  @Override
  public void begin(Delivery delivery, ConsumerRecord<byte[], byte[]> record) {
    begin(record, 1);
  }

  @Override
  public void beginBatch(Delivery delivery, List<ConsumerRecord<byte[], byte[]>> records) {
    begin(records.get(0), records.size());
    metrics.batchSize.record(records.size(), attributes);
  }

  private void begin(ConsumerRecord<byte[], byte[]> first, int records) {
    if (first.partition() != partition || !first.topic().equals(topic)) {
      flush();
      topic = first.topic();
      partition = first.partition();
      attributes =
          known.computeIfAbsent(
              new TopicPartition(topic, partition), name -> Names.of(channel, name));
    }
    size = records;
    begun = nanos.getAsLong();
  }

  @Override
  public void end(int done, Throwable failure) {
    double seconds = (nanos.getAsLong() - begun) / NANOS;
    consumed += size;
    metrics.processDuration.record(
        seconds, failure == null ? attributes : Names.failed(attributes, failure));
  }

  @Override
  public void abandoned() {
    consumed += size;
  }

  @Override
  public void flush() {
    if (consumed > 0) {
      metrics.consumed.add(consumed, attributes);
      consumed = 0;
    }
  }
}
