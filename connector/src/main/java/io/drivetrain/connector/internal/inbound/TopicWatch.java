package io.drivetrain.connector.internal.inbound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Finds topics that do not exist or may not be read: a Kafka consumer just waits for the former,
 * and complains of the latter once, which looks like having nothing to do. The poll thread owns it.
 */
final class TopicWatch {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** The question goes to a broker: every so many looks are enough. */
  private static final int LOOKS = 5;

  private final Consumer<?, ?> consumer;
  private final List<String> topics;
  private final Set<String> forbidden = new TreeSet<>();
  private Optional<String> found = Optional.empty();
  private boolean allowed;
  private int looks;

  TopicWatch(Consumer<?, ?> consumer, List<String> topics) {
    this.consumer = consumer;
    this.topics = topics;
  }

  /** The client may not read these. */
  void forbidden(Set<String> names) {
    forbidden.addAll(names);
    looks = 0;
  }

  /** Whether all that were forbidden turned out to be allowed by now; true once. */
  boolean wereAllowed() {
    boolean now = allowed;
    allowed = false;
    return now;
  }

  /**
   * Looks.
   *
   * @param idle whether no partition is assigned; if one is, the topics are taken to exist
   */
  Optional<String> look(boolean idle) {
    if (!idle && forbidden.isEmpty()) {
      looks = 0;
      found = Optional.empty();
    } else if (looks++ % LOOKS == 0) {
      found = ask(idle ? topics : List.copyOf(forbidden));
    }
    return found;
  }

  private Optional<String> ask(List<String> names) {
    List<String> missing = new ArrayList<>();
    Set<String> refused = new TreeSet<>();
    for (String topic : names) {
      try {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, TIMEOUT);
        if (partitions == null || partitions.isEmpty()) {
          missing.add(topic);
        }
      } catch (TopicAuthorizationException e) {
        refused.add(topic);
      } catch (KafkaException e) {
        // Not answered is not missing; a broker that is away is the other watch's business.
        return Optional.empty();
      }
    }
    allowed = !forbidden.isEmpty() && refused.isEmpty();
    forbidden.clear();
    forbidden.addAll(refused);
    return refused.isEmpty()
        ? words("there is no topic ", missing)
        : words("Kafka does not let this user read topic ", refused);
  }

  private static Optional<String> words(String problem, Collection<String> names) {
    return names.isEmpty() ? Optional.empty() : Optional.of(problem + String.join(", ", names));
  }
}
