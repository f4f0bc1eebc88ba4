package io.drivetrain.connector.internal.opentelemetry;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import io.opentelemetry.api.common.Attributes;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Counts the rarer events of a channel. Thread-safe. */
final class EventCounts implements ChannelListener {
  private final Attributes channel;
  private final Metrics metrics;

  EventCounts(Attributes channel, Metrics metrics) {
    this.channel = channel;
    this.metrics = metrics;
  }

  private Attributes of(Delivery delivery, Throwable failure) {
    return Names.failed(
        Names.of(channel, new TopicPartition(delivery.topic(), delivery.partition())), failure);
  }

  @Override
  public void failed(Delivery delivery, Throwable failure) {
    metrics.failures.add(1, of(delivery, failure));
  }

  @Override
  public void deadLettered(Delivery delivery, Throwable failure, String topic) {
    metrics.deadLetters.add(delivery.size(), of(delivery, failure));
  }

  @Override
  public void ignored(Delivery delivery, Throwable failure) {
    metrics.ignored.add(delivery.size(), of(delivery, failure));
  }

  @Override
  public void committed(String name, Map<TopicPartition, OffsetAndMetadata> offsets) {
    metrics.commits.add(1, channel);
  }

  @Override
  public void commitFailed(
      String name, Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
    metrics.commits.add(1, Names.failed(channel, failure));
  }

  @Override
  public void assigned(String name, Collection<TopicPartition> partitions) {
    rebalanced("assigned");
  }

  @Override
  public void revoked(String name, Collection<TopicPartition> partitions) {
    rebalanced("revoked");
  }

  @Override
  public void lost(String name, Collection<TopicPartition> partitions) {
    rebalanced("lost");
  }

  private void rebalanced(String how) {
    metrics.rebalances.add(1, channel.toBuilder().put(Names.REBALANCE, how).build());
  }
}
