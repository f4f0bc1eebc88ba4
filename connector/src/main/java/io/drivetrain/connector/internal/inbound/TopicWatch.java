package io.drivetrain.connector.internal.inbound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;

/**
 * Finds topics that do not exist: a Kafka consumer just waits for them, which looks like having
 * nothing to do. The poll thread owns it.
 */
final class TopicWatch {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** The question goes to a broker: every so many looks are enough. */
  private static final int LOOKS = 5;

  private final Consumer<?, ?> consumer;
  private final List<String> topics;
  private Optional<String> found = Optional.empty();
  private int looks;

  TopicWatch(Consumer<?, ?> consumer, List<String> topics) {
    this.consumer = consumer;
    this.topics = topics;
  }

  /**
   * Looks.
   *
   * @param idle whether no partition is assigned; if one is, the topics are taken to exist
   */
  Optional<String> look(boolean idle) {
    if (!idle) {
      looks = 0;
      found = Optional.empty();
    } else if (looks++ % LOOKS == 0) {
      found = missing();
    }
    return found;
  }

  private Optional<String> missing() {
    List<String> missing = new ArrayList<>();
    for (String topic : topics) {
      try {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, TIMEOUT);
        if (partitions == null || partitions.isEmpty()) {
          missing.add(topic);
        }
      } catch (KafkaException e) {
        // Not answered is not missing; a broker that is away is the other watch's business.
        return Optional.empty();
      }
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("there is no topic " + String.join(", ", missing));
  }
}
