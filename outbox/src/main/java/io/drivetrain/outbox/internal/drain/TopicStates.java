package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.schema.platform.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which topics can be used now. It outlives the producers of a drainer. Thread-safe: the draining
 * thread decides by it, the one that asks Kafka for topics tells it.
 *
 * <pre>
 *  unknown ──asked──► usable ──refused──► resting ──asked──► suspect ──its first row stored──► usable
 * </pre>
 *
 * <p>A topic that was refused as a whole is suspect until a row of it was stored: that Kafka
 * describes it does not mean that it may be written. Of a suspect topic one row is sent and the
 * others wait for its answer. If it is refused, nothing of the topic is behind it, so the producer
 * can go on with other topics; otherwise it would have to be closed each time.
 *
 * <p>Times are of a monotonic clock, in nanoseconds.
 */
final class TopicStates {
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private static final class Topic {
    /** 0 until known. */
    private int partitions;

    private boolean asked;
    private boolean suspect;

    /** The id of the one row of a suspect topic that is under way; null if there is none. */
    private Long probe;

    private long retryAt;
    private final Backoff backoff = new Backoff(SHORTEST_WAIT, LONGEST_WAIT);

    Topic(long now) {
      retryAt = now;
    }

    boolean mustWait(long now) {
      return probe != null || (partitions == 0 && (asked || retryAt - now > 0));
    }

    void failed(long now) {
      partitions = 0;
      asked = false;
      retryAt = now + backoff.failed().toNanos();
    }
  }

  /**
   * Which rows may be sent.
   *
   * @param rows those, in order
   * @param partitions how many each of their topics has
   * @param probes the ids of those that are the only one of their topic
   * @param without topics of which rows were left out
   * @param ask topics that Kafka must be asked for
   */
  record Selection(
      List<OutboxRow> rows,
      Map<String, Integer> partitions,
      Set<Long> probes,
      Set<String> without,
      List<String> ask) {}

  private final Map<String, Topic> topics = new TreeMap<>();

  /** Grows with each producer. */
  private int producer;

  /**
   * A producer is new and knows no topic yet.
   *
   * @return its number, by which those who ask for it are told from those before
   */
  synchronized int newProducer() {
    for (Topic topic : topics.values()) {
      topic.partitions = 0;
      topic.asked = false;
    }
    return ++producer;
  }

  /** Topics whose rows need not be read now. */
  synchronized List<String> unusable(long now) {
    List<String> names = new ArrayList<>();
    topics.forEach(
        (name, topic) -> {
          if (topic.mustWait(now)) {
            names.add(name);
          }
        });
    return names;
  }

  /**
   * Divides rows into those that may be sent and others. Each topic is looked at once: one that
   * becomes usable in between would let a later row pass.
   */
  synchronized Selection select(List<OutboxRow> rows, long now) {
    List<OutboxRow> usable = new ArrayList<>(rows.size());
    Map<String, Integer> partitions = new HashMap<>();
    Set<Long> probes = new HashSet<>();
    Set<String> without = new HashSet<>();
    List<String> ask = new ArrayList<>();
    for (OutboxRow row : rows) {
      String name = row.topic();
      if (!partitions.containsKey(name)) {
        partitions.put(name, partitions(name, now, ask));
      }
      Topic topic = topics.get(name);
      if (partitions.get(name) == 0 || topic.probe != null) {
        without.add(name);
        continue;
      }
      if (topic.suspect) {
        topic.probe = row.id();
        probes.add(row.id());
      }
      usable.add(row);
    }
    return new Selection(usable, partitions, probes, without, ask);
  }

  private int partitions(String name, long now, List<String> ask) {
    Topic topic = topics.computeIfAbsent(name, unknown -> new Topic(now));
    if (topic.partitions == 0 && !topic.mustWait(now)) {
      topic.asked = true;
      ask.add(name);
    }
    return topic.partitions;
  }

  /**
   * Kafka has described a topic.
   *
   * @return whether it can be used; not if it has refused rows and may do so again
   */
  synchronized boolean described(int by, String name, int partitions, long now) {
    Topic topic = topics.get(name);
    if (by != producer || topic == null) {
      return false;
    }
    topic.partitions = partitions;
    topic.asked = false;
    if (!topic.suspect) {
      topic.backoff.succeeded();
    }
    // Others may wait only because Kafka was away.
    for (Topic other : topics.values()) {
      if (!other.suspect && other.retryAt - now > 0) {
        other.retryAt = now;
      }
    }
    return !topic.suspect;
  }

  /** Kafka could not be asked for a topic, or does not know it. */
  synchronized void notDescribed(int by, String name, long now) {
    Topic topic = topics.get(name);
    if (by == producer && topic != null) {
      topic.failed(now);
    }
  }

  /** Kafka has refused rows of a topic because of the topic. */
  synchronized void refused(String name, long now) {
    Topic topic = topics.computeIfAbsent(name, unknown -> new Topic(now));
    topic.suspect = true;
    topic.failed(now);
  }

  /**
   * Rows were dealt with.
   *
   * @param stored those that Kafka has
   * @param underWay those that are still with it
   * @return topics that can be used again
   */
  synchronized List<String> settled(Collection<Long> stored, Set<Long> underWay) {
    List<String> again = new ArrayList<>();
    topics.forEach(
        (name, topic) -> {
          if (topic.probe == null || underWay.contains(topic.probe)) {
            return;
          }
          if (stored.contains(topic.probe)) {
            topic.suspect = false;
            topic.backoff.succeeded();
            again.add(name);
          }
          topic.probe = null;
        });
    return again;
  }

  /**
   * No row waits for any topic: whatever was wrong with one no longer matters.
   *
   * @return the topics that are forgotten
   */
  synchronized List<String> nothingWaits() {
    List<String> forgotten = new ArrayList<>();
    topics.forEach(
        (name, topic) -> {
          if (topic.suspect || (topic.partitions == 0 && !topic.asked)) {
            forgotten.add(name);
          }
        });
    forgotten.forEach(topics::remove);
    return forgotten;
  }
}
