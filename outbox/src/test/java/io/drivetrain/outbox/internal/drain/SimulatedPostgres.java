package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.Marker;
import io.drivetrain.outbox.internal.store.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One table of events as PostgreSQL shows it: transaction ids are drawn at the first write, row ids
 * at INSERT, both visible at COMMIT; what is deleted stays in the index, because a snapshot held
 * elsewhere keeps vacuum away. Writers follow the outbox's rule: the transaction has its id before
 * it draws a row's, and the key's lock before both.
 */
final class SimulatedPostgres {

  /**
   * An event.
   *
   * @param key also decides shard and topic
   */
  record Row(long id, int key, long insertedBy) {}

  private final Random random;
  private final NavigableMap<Long, Row> rows = new TreeMap<>();
  private final Map<Long, Long> deletedBy = new HashMap<>();
  private final Set<Long> committed = new HashSet<>();
  private final TreeSet<Long> running = new TreeSet<>();
  private final Map<Integer, Writer> locks = new HashMap<>();
  private final List<Writer> writers = new ArrayList<>();
  private final int keys;
  private int restarts;
  private int crashes;
  private long nextXid = 100;

  /** What has reached the disk of both counters, at the last commit. */
  private long durableXid = 99;

  private long durableId;
  private long latestCompleted = 99;
  private long lastId;

  SimulatedPostgres(Random random, int writerCount, int keys) {
    this.random = random;
    this.keys = keys;
    for (int i = 0; i < writerCount; i++) {
      writers.add(new Writer());
    }
  }

  String server() {
    return "run " + restarts;
  }

  /** One writer does one thing. */
  void step(boolean mayBegin) {
    writers.get(random.nextInt(writers.size())).step(mayBegin);
  }

  boolean isQuiet() {
    return writers.stream().allMatch(writer -> writer.wanted.isEmpty());
  }

  long beginTransaction() {
    running.add(nextXid);
    return nextXid++;
  }

  void end(long xid, boolean commit) {
    running.remove(xid);
    latestCompleted = Math.max(latestCompleted, xid);
    if (commit) {
      committed.add(xid);
      durableXid = Math.max(durableXid, xid);
      durableId = lastId;
    }
  }

  void delete(long xid, Set<Long> ids) {
    ids.forEach(id -> deletedBy.put(id, xid));
  }

  /** What a transaction that has just got its id can say of rows. */
  Marker marker(long xid, boolean seesSequence) {
    return new Marker(server(), xid, seesSequence ? lastId : 0);
  }

  Snapshot snapshot() {
    long xmax = latestCompleted + 1;
    long[] inProgress = running.headSet(xmax).stream().mapToLong(xid -> xid).toArray();
    long xmin = inProgress.length == 0 ? xmax : inProgress[0];
    int session = 10 * crashes + random.nextInt(3);
    return new Snapshot(server(), session, xmin, xmax, inProgress);
  }

  boolean sees(Snapshot snapshot, Row row) {
    Long deleter = deletedBy.get(row.id());
    return isVisible(snapshot, row.insertedBy())
        && (deleter == null || !isVisible(snapshot, deleter));
  }

  private boolean isVisible(Snapshot snapshot, long xid) {
    return committed.contains(xid) && snapshot.completed(xid);
  }

  /** All index entries above an id, of living and of dead rows. */
  Iterable<Row> above(long id) {
    return rows.tailMap(id, false).values();
  }

  /** All committed rows, by id. */
  List<Row> history() {
    return rows.values().stream().filter(row -> committed.contains(row.insertedBy())).toList();
  }

  /**
   * Another server goes on with what had reached it: what runs is rolled back, the last commits and
   * ids may be lost.
   */
  Set<Long> failOver() {
    restarts++;
    rollBackAll();
    Set<Long> lost = new HashSet<>();
    for (int i = random.nextInt(4); i > 0 && lastId > 0; i--) {
      lost.add(lastId);
      rows.remove(lastId);
      deletedBy.remove(lastId);
      lastId--;
    }
    durableId = Math.min(durableId, lastId);
    return lost;
  }

  /**
   * The server's processes die and it goes on with what had reached the disk: what was committed is
   * there, but ids of transactions that were not, and row ids, are given once more.
   */
  void crash() {
    crashes++;
    rollBackAll();
    rows.values().removeIf(row -> !committed.contains(row.insertedBy()));
    lastId = durableId;
    nextXid = durableXid + 1;
    latestCompleted = durableXid;
  }

  private void rollBackAll() {
    List.copyOf(running).forEach(xid -> end(xid, false));
    writers.forEach(Writer::forget);
  }

  private final class Writer {
    private final TreeSet<Integer> wanted = new TreeSet<>();
    private final Set<Integer> held = new HashSet<>();
    private long xid;
    private int rest;

    void step(boolean mayBegin) {
      if (rest > 0) {
        rest--;
      } else if (wanted.isEmpty()) {
        if (mayBegin) {
          wanted.add(random.nextInt(keys));
          wanted.add(random.nextInt(keys));
          rest = random.nextInt(3);
        }
      } else if (held.size() < wanted.size()) {
        lockAndInsert();
      } else {
        end(xid, random.nextInt(10) > 0);
        forget();
      }
    }

    private void lockAndInsert() {
      int key = wanted.stream().filter(each -> !held.contains(each)).findFirst().orElseThrow();
      if (locks.containsKey(key)) {
        return; // waits
      }
      locks.put(key, this);
      held.add(key);
      if (xid == 0) {
        xid = beginTransaction();
        // Others may draw row ids between the two, and rarely for long.
        rest = random.nextInt(4);
      }
      for (int i = random.nextInt(3); i >= 0; i--) {
        rows.put(++lastId, new Row(lastId, key, xid));
      }
      rest += random.nextInt(60) == 0 ? 200 : random.nextInt(4);
    }

    private void forget() {
      held.forEach(locks::remove);
      held.clear();
      wanted.clear();
      xid = 0;
      rest = 0;
    }
  }
}
