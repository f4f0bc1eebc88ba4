package io.drivetrain.connector;

import java.time.Instant;
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
   * Pauses every partition of the channel on this node, also those it is given later: what the
   * consumer method has in hand is finished, then it gets nothing more. The node stays in its
   * group. Lasts until {@link #resume(String)} or a restart; other nodes are not paused.
   *
   * @throws IllegalArgumentException if there is no such channel
   */
  void pause(String channel);

  /**
   * Pauses one partition on this node, as {@link #pause(String)}. It is still paused if it goes to
   * another node, where it is not, and comes back.
   *
   * @throws IllegalArgumentException if there is no such channel, or the partition is not assigned
   *     to this node; the message lists those that are
   */
  void pause(String channel, String topic, int partition);

  /**
   * Ends all pauses of the channel on this node, those by {@link #pause} and those after failures:
   * failed records are delivered next.
   *
   * @throws IllegalArgumentException if there is no such channel
   */
  void resume(String channel);

  /**
   * Ends the pauses of one partition, that by {@link #pause} and those after failures: the failed
   * record is delivered next. Does nothing if it is not paused.
   *
   * @throws IllegalArgumentException if there is no such channel, or the partition is not assigned
   *     to this node; the message lists those that are
   */
  void resume(String channel, String topic, int partition);

  /**
   * Skips the record at which a paused partition stands: it counts as processed, and its pause
   * after a failure ends. That is the record that failed, of several (with {@code ordering=key})
   * the one with the lowest offset; of a partition paused by {@link #pause} the first that is not
   * processed. Of a failed batch it is the first record; the rest is delivered again.
   *
   * @return the offset of the skipped record
   * @throws IllegalArgumentException if there is no such channel, or the partition is not assigned
   *     to this node; the message lists those that are
   * @throws IllegalStateException if the partition is not paused, its record is being processed, or
   *     none is in memory
   */
  long skip(String channel, String topic, int partition);

  /**
   * As {@link #skip(String, String, int)}, but only if a paused partition, or with {@code
   * ordering=key} a paused key of it, stands at this offset: so that nobody skips another record
   * than the one they have looked at.
   *
   * @throws IllegalArgumentException if there is no such channel, or the partition is not assigned
   *     to this node; the message lists those that are
   * @throws IllegalStateException also if it stands at other offsets; the message lists them
   */
  long skip(String channel, String topic, int partition, long offset);

  /**
   * Moves one partition: the record with this offset is delivered next. A delivery in hand is
   * waited for, up to {@code revoke-timeout}; then its outcome is ignored. What is queued, failed
   * or processed ahead is forgotten, attempts too, and a pause after a failure ends; one by {@link
   * #pause} stays. The position is committed, so that a restart goes on from there. Waits until all
   * of this is done; not to be called within a delivery or by a {@link ChannelListener}.
   *
   * @param offset one that exists, or the one after the last
   * @return the offset of the record that is next
   * @throws IllegalArgumentException if there is no such channel, the partition is not assigned to
   *     this node, or has no such offset; the message lists what there is
   * @throws IllegalStateException if it could not be done: no broker answers, or the channel stops
   */
  long seek(String channel, String topic, int partition, long offset);

  /** As {@link #seek}, to the first record there is. */
  long seekToBeginning(String channel, String topic, int partition);

  /** As {@link #seek}, behind the last record there is: all there are are skipped. */
  long seekToEnd(String channel, String topic, int partition);

  /**
   * As {@link #seek}, to the first record with this timestamp or a later one; to the end if there
   * is none.
   */
  long seekToTime(String channel, String topic, int partition, Instant time);

  /**
   * The metrics of the channel's Kafka consumer, as {@code KafkaConsumer.metrics()} gives them: a
   * view that stays current. Empty before the consumer is made and after it is closed.
   *
   * @throws IllegalArgumentException if there is no such channel
   */
  Map<MetricName, ? extends Metric> metrics(String channel);
}
