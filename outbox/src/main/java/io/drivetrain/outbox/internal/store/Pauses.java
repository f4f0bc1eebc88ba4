package io.drivetrain.outbox.internal.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is paused, as it was last seen. Immutable. */
public record Pauses(List<Row> rows) {

  /** Nothing is. */
  public static final Pauses NONE = new Pauses(List.of());

  /**
   * One pause.
   *
   * @param topic empty for every topic
   * @param stoppedAt the row at which the topic stopped; null if an operator paused it
   * @param reason may be null
   */
  public record Row(
      String topic, int firstBucket, int lastBucket, Instant since, Long stoppedAt, String reason) {

    /** Whether it concerns any of a shard's events. */
    public boolean meets(ShardRange range) {
      return firstBucket <= range.lastBucket() && range.firstBucket() <= lastBucket;
    }

    private String sentence() {
      String what =
          !topic.isEmpty()
              ? "topic " + topic
              : lastBucket - firstBucket == Buckets.COUNT - 1
                  ? "all draining"
                  : "what falls into buckets " + firstBucket + " to " + lastBucket;
      String why = reason == null ? "" : ": " + reason;
      return stoppedAt == null
          ? what + " is paused since " + since + why
          : what + " has stopped at row " + stoppedAt + why;
    }
  }

  /** Copies the list. */
  public Pauses {
    rows = List.copyOf(rows);
  }

  /** Whether nothing of a shard may be sent. */
  public boolean everything(ShardRange range) {
    return rows.stream().anyMatch(row -> row.topic().isEmpty() && row.meets(range));
  }

  /** Topics of which nothing may be sent in a shard. */
  public List<String> topics(ShardRange range) {
    return rows.isEmpty()
        ? List.of()
        : rows.stream()
            .filter(row -> !row.topic().isEmpty() && row.meets(range))
            .map(Row::topic)
            .distinct()
            .toList();
  }

  /** All of them, for operators; empty if there are none. */
  public Optional<String> sentence() {
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(rows.stream().map(Row::sentence).collect(Collectors.joining("; ")));
  }
}
