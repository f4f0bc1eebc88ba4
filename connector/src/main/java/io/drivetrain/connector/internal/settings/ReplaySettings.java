package io.drivetrain.connector.internal.settings;

import io.drivetrain.schema.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.Config;

/**
 * The properties of the Kafka clients of a replay; all may hold secrets. Immutable.
 *
 * @param letters of the consumer of the dead-letter topic
 * @param origins of a consumer that asks about the topics of origin
 * @param senders of the producer to the topics of origin
 */
public record ReplaySettings(
    Map<String, Object> letters, Map<String, Object> origins, Map<String, Object> senders) {

  /** Meant for the channel's consumer and its group alone. */
  private static final Set<String> NOT_SHARED =
      Set.of(
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
          ConsumerConfig.CLIENT_ID_CONFIG,
          ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
          ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
          ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
          OutgoingAttributes.PARTITIONER.name(),
          "group.protocol",
          "group.remote.assignor");

  /** Copies. */
  public ReplaySettings {
    letters = Map.copyOf(letters);
    origins = Map.copyOf(origins);
    senders = Map.copyOf(senders);
  }

  /**
   * Derives them.
   *
   * @param consumer the properties of the channel's consumer
   * @param own those of them that the channel itself sets
   * @param deadLetters what the channel sets of the producer of dead letters
   */
  static ReplaySettings of(
      Settings settings,
      String channel,
      Config root,
      Map<String, Object> consumer,
      Map<String, Object> own,
      Map<String, Object> deadLetters) {
    Map<String, Object> origins = new HashMap<>(consumer);
    origins.keySet().removeAll(NOT_SHARED);
    origins.put(ConsumerConfig.CLIENT_ID_CONFIG, "replays-" + channel);
    origins.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    Map<String, Object> senders = AwaitedProducer.like(own, root);
    senders.put(ProducerConfig.CLIENT_ID_CONFIG, "replays-" + channel);
    return new ReplaySettings(
        letters(origins, channel, deadLetters),
        origins,
        AwaitedProducer.complete(settings, "kafka.partitioner", senders));
  }

  private static Map<String, Object> letters(
      Map<String, Object> origins, String channel, Map<String, Object> deadLetters) {
    Map<String, Object> letters = new HashMap<>(origins);
    deadLetters.forEach(
        (name, value) -> {
          // Dead letters may live on other brokers: what says how to reach them counts here too.
          boolean producerOnly =
              ProducerConfig.configNames().contains(name)
                  && !ConsumerConfig.configNames().contains(name);
          if (!producerOnly && !NOT_SHARED.contains(name)) {
            letters.put(name, value);
          }
        });
    letters.put(
        ConsumerConfig.GROUP_ID_CONFIG,
        origins.get(ConsumerConfig.GROUP_ID_CONFIG) + "-replay-" + channel);
    letters.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // Of a node that died in the middle, the next call does not wait longer than this.
    letters.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "10000");
    // Each may take half a minute to send back, and all are within one poll interval.
    letters.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "10");
    return letters;
  }

  /** Without the properties. */
  @Override
  public String toString() {
    return "the clients of replays";
  }
}
