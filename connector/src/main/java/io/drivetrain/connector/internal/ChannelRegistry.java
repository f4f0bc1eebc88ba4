package io.drivetrain.connector.internal;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.Channels;
import io.drivetrain.connector.internal.deadletter.Replays;
import io.drivetrain.connector.internal.inbound.Channel;
import io.drivetrain.connector.internal.inbound.Life;
import io.drivetrain.connector.internal.inbound.SeekTarget;
import io.drivetrain.connector.internal.settings.HealthSettings;
import io.drivetrain.schema.platform.StartCondition;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;

/**
 * Every incoming channel of the application, and what applications may do with them. Thread-safe.
 */
@ApplicationScoped
public class ChannelRegistry implements Channels {
  private final Map<String, Channel> channels = new ConcurrentHashMap<>();
  private final Map<String, Replays> replays = new ConcurrentHashMap<>();
  private final Map<String, HealthSettings> health = new ConcurrentHashMap<>();
  private volatile List<StartCondition> awaited = List.of();

  Optional<Channel> find(String name) {
    return Optional.ofNullable(channels.get(name));
  }

  Channel add(String name, HealthSettings inHealth, Supplier<Channel> channel) {
    health.put(name, inHealth);
    return channels.computeIfAbsent(name, key -> channel.get());
  }

  void addReplays(String name, Replays ofChannel) {
    replays.put(name, ofChannel);
  }

  /**
   * The replays of a channel.
   *
   * @throws IllegalArgumentException if there is no such channel
   */
  Replays replays(String name) {
    known(name);
    return replays.get(name);
  }

  List<Channel> all() {
    return List.copyOf(channels.values());
  }

  /** What the start waits for. */
  void await(List<StartCondition> conditions) {
    awaited = List.copyOf(conditions);
  }

  /** What the start waits for, in words; empty once it does not. */
  public List<String> awaited() {
    return StartCondition.unmet(awaited);
  }

  @Override
  public List<ChannelState> list() {
    return channels.values().stream()
        .map(Channel::state)
        .sorted(Comparator.comparing(ChannelState::name))
        .toList();
  }

  /** In which health checks a channel counts. */
  public HealthSettings health(String channel) {
    return health.get(channel);
  }

  /** As {@link #list}, and how far each poll loop has turned. */
  public List<Life> lives() {
    return channels.values().stream()
        .map(Channel::life)
        .sorted(Comparator.comparing((Life life) -> life.state().name()))
        .toList();
  }

  @Override
  public ChannelState state(String channel) {
    return known(channel).state();
  }

  @Override
  public void pause(String channel) {
    known(channel).control().pause();
  }

  @Override
  public void pause(String channel, String topic, int partition) {
    known(channel).control().pause(new TopicPartition(topic, partition));
  }

  @Override
  public void resume(String channel) {
    known(channel).control().resume();
  }

  @Override
  public void resume(String channel, String topic, int partition) {
    known(channel).control().resume(new TopicPartition(topic, partition));
  }

  @Override
  public long skip(String channel, String topic, int partition) {
    return known(channel)
        .control()
        .skip(new TopicPartition(topic, partition), OptionalLong.empty());
  }

  @Override
  public long skip(String channel, String topic, int partition, long offset) {
    return known(channel)
        .control()
        .skip(new TopicPartition(topic, partition), OptionalLong.of(offset));
  }

  @Override
  public long seek(String channel, String topic, int partition, long offset) {
    return seek(channel, topic, partition, SeekTarget.offset(offset));
  }

  @Override
  public long seekToBeginning(String channel, String topic, int partition) {
    return seek(channel, topic, partition, SeekTarget.beginning());
  }

  @Override
  public long seekToEnd(String channel, String topic, int partition) {
    return seek(channel, topic, partition, SeekTarget.end());
  }

  @Override
  public long seekToTime(String channel, String topic, int partition, Instant time) {
    return seek(channel, topic, partition, SeekTarget.time(time));
  }

  private long seek(String channel, String topic, int partition, SeekTarget target) {
    return known(channel).control().seek(new TopicPartition(topic, partition), target);
  }

  @Override
  public Map<MetricName, ? extends Metric> metrics(String channel) {
    return known(channel).metrics();
  }

  private Channel known(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no incoming drivetrain channel is named "
                        + name
                        + "; there are "
                        + String.join(", ", new TreeSet<>(channels.keySet()))));
  }
}
