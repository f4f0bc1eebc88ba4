package io.drivetrain.entitysync.internal.consume;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The position of one partition of an exactly-once channel. Used by the delivering thread. */
public final class InboxPosition implements Position {
  private final InboxOffsets offsets;
  private final String channel;
  private final TopicPartition partition;

  private InboxPosition(InboxOffsets offsets, String channel, TopicPartition partition) {
    this.offsets = offsets;
    this.channel = channel;
    this.partition = partition;
  }

  /** Of a partition, if its channel is exactly-once. */
  public static Position of(InboxOffsets offsets, String channel, TopicPartition partition) {
    return offsets.keeps(channel, partition)
        ? new InboxPosition(offsets, channel, partition)
        : NOT_KEPT;
  }

  @Override
  public int next(List<ConsumerRecord<byte[], byte[]>> records, int from) {
    long next = offsets.next(channel, partition).orElse(-1);
    int index = from;
    while (index < records.size() && records.get(index).offset() < next) {
      index++;
    }
    return index;
  }

  @Override
  public void advance(long offset) {
    offsets.advance(channel, partition, offset);
  }
}
