package io.drivetrain.tests.faults;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges a history: every record had its effect; first effects came in order; what was committed
 * was done; nothing was done twice without need. Plain arithmetic; one object per history.
 */
final class Invariants {

  /** Within what records are processed in their order. */
  enum Ordering {
    /** Within a partition. */
    PARTITION,
    /** Within a key of a partition. */
    KEY
  }

  /** When a record may be processed twice. */
  enum Duplicates {
    /** Never: nobody was cut off. */
    NONE,
    /** By a new owner, if the one before was cut off before it could commit. */
    SINCE_LAST_COMMIT
  }

  private record Unit(int partition, String key, String owner) {}

  private final Ordering ordering;
  private final Duplicates allowed;
  private final Map<Integer, BitSet> done = new TreeMap<>();
  private final Map<Integer, Long> committed = new HashMap<>();
  private final Map<Unit, Long> latestFirst = new HashMap<>();
  private final Map<Unit, Long> latestOfOwner = new HashMap<>();
  private final List<String> lost = new ArrayList<>();
  private final List<String> outOfOrder = new ArrayList<>();
  private final List<String> committedUndone = new ArrayList<>();
  private final List<String> needless = new ArrayList<>();
  private long duplicates;

  private Invariants(Ordering ordering, Duplicates allowed) {
    this.ordering = ordering;
    this.allowed = allowed;
  }

  static Verdict judge(History history, Ordering ordering, Duplicates allowed) {
    return new Invariants(ordering, allowed).judge(history);
  }

  private Verdict judge(History history) {
    history.ends().keySet().forEach(partition -> done.put(partition, new BitSet()));
    int commits = 0;
    for (int i = 0; i <= history.effects().size(); i++) {
      while (commits < history.commits().size() && history.commits().get(commits).effects() <= i) {
        history.commits().get(commits++).offsets().forEach(this::commit);
      }
      if (i < history.effects().size()) {
        effect(history.effects().get(i), history.ends());
      }
    }
    done.keySet().forEach(partition -> end(partition, history.ends().get(partition)));
    long records = history.ends().values().stream().mapToLong(Long::longValue).sum();
    return new Verdict(records, lost, outOfOrder, committedUndone, needless, duplicates);
  }

  private void effect(Effect effect, Map<Integer, Long> ends) {
    if (effect.offset() >= ends.getOrDefault(effect.partition(), 0L)) {
      throw new IllegalArgumentException("an effect of a record that does not exist: " + effect);
    }
    BitSet before = done.get(effect.partition());
    if (before.get((int) effect.offset())) {
      again(effect);
    } else {
      before.set((int) effect.offset());
      Long latest = latestFirst.put(unit(effect, ""), effect.offset());
      if (latest != null && latest > effect.offset()) {
        outOfOrder.add("%s came after %d".formatted(effect, latest));
      }
    }
    Long latest = latestOfOwner.put(unit(effect, effect.owner()), effect.offset());
    if (latest != null && latest > effect.offset()) {
      outOfOrder.add("%s came after %d of the same owner".formatted(effect, latest));
    } else if (latest != null && latest == effect.offset()) {
      needless.add("%s twice by the same owner".formatted(effect));
    }
  }

  private void again(Effect effect) {
    duplicates++;
    if (allowed == Duplicates.NONE) {
      needless.add("%s a second time".formatted(effect));
    } else if (effect.offset() < committed.getOrDefault(effect.partition(), 0L)) {
      needless.add(
          "%s a second time, after %d was committed"
              .formatted(effect, committed.get(effect.partition())));
    }
  }

  private Unit unit(Effect effect, String owner) {
    return new Unit(effect.partition(), ordering == Ordering.KEY ? effect.key() : "", owner);
  }

  private void commit(int partition, long offset) {
    int undone = done.getOrDefault(partition, new BitSet()).nextClearBit(0);
    if (undone < offset) {
      committedUndone.add(
          "partition %d: %d was committed before %d was done".formatted(partition, offset, undone));
    }
    committed.merge(partition, offset, Math::max);
  }

  private void end(int partition, long records) {
    BitSet present = done.get(partition);
    for (int at = present.nextClearBit(0); at < records; at = present.nextClearBit(at + 1)) {
      lost.add("partition %d: nobody processed %d".formatted(partition, at));
    }
  }
}
