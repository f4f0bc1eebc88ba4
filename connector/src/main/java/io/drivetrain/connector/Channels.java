package io.drivetrain.connector;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * The incoming channels of this application, for programs, pages and the console. Inject it.
 * Thread-safe.
 */
public interface Channels {

  /**
   * Every incoming {@code drivetrain} channel with its partitions as they are now, ordered by name.
   */
  List<ChannelState> list();

  /**
   * One channel as it is now.
   *
   * @throws IllegalArgumentException if there is no such channel; the message lists those there are
   */
  ChannelState state(String channel);

  /**
   * Ends a pause that a failure caused, at once: the failed record is delivered next. Does nothing
   * if the partition is not paused or not assigned to this node.
   *
   * @throws IllegalArgumentException if there is no such channel
   */
  void resume(String channel, String topic, int partition);

  /**
   * The metrics of the channel's Kafka consumer, as {@code KafkaConsumer.metrics()} gives them: a
   * view that stays current. Empty before the consumer is made and after it is closed.
   *
   * @throws IllegalArgumentException if there is no such channel
   */
  Map<MetricName, ? extends Metric> metrics(String channel);
}
