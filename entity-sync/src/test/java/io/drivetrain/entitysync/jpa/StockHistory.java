package io.drivetrain.entitysync.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the database knows of every row of {@code stock}: each change of it, numbered under the
 * row's lock by a trigger, so in the order of commits; and what must therefore have arrived. A
 * stamp is {@code <transaction>:<number>}. Thread-safe.
 */
final class StockHistory {
  private static final Pattern STAMP = Pattern.compile("(\\d+):\\d+");
  private static final String TOMBSTONE = "tombstone";

  private static final List<String> TRIGGER =
      List.of(
          "alter table stock add revision int not null default 0",
          "create table history (id int, revision int, stamp text)",
          "create function remember() returns trigger language plpgsql as $$ begin"
              + " if tg_op = 'DELETE' then"
              + "   insert into history values (old.id, old.revision + 1, null); return old;"
              + " end if;"
              + " new.revision := case when tg_op = 'INSERT' then 1 else old.revision + 1 end;"
              + " insert into history values (new.id, new.revision, new.stamp); return new;"
              + " end $$",
          "create trigger remember before insert or update or delete on stock"
              + " for each row execute function remember()");

  private final Postgres postgres;
  private final String database;

  /** What a transaction published itself for a key, in order; also of those that rolled back. */
  private final Map<String, Queue<String>> notes = new ConcurrentHashMap<>();

  StockHistory(Postgres postgres, String database) {
    this.postgres = postgres;
    this.database = database;
    TRIGGER.forEach(sql -> postgres.execute(database, sql));
  }

  /** A transaction publishes something of its own beside the entity. */
  void noted(int key, String stamp) {
    notes
        .computeIfAbsent(key + " " + transaction(stamp), any -> new ConcurrentLinkedQueue<>())
        .add(stamp);
  }

  /** How many transactions changed anything. */
  long committed() {
    return (Long)
        postgres
            .rows(
                database,
                "select count(distinct split_part(stamp, ':', 1)) as n from history"
                    + " where stamp is not null")
            .get(0)
            .get("n");
  }

  /** Of each key, the transactions that committed in their order, with what each published. */
  void assertArrived(Topic topic, String seed) {
    Map<Integer, List<String>> expected = expected();
    Map<Integer, List<String>> arrived = new TreeMap<>();
    for (ConsumerRecord<String, String> record : topic.records()) {
      arrived
          .computeIfAbsent(Integer.valueOf(record.key()), key -> new ArrayList<>())
          .add(text(record.value()));
    }
    assertThat(arrived.keySet()).as(seed).isEqualTo(expected.keySet());
    // One key at a time, or a failure would be unreadable.
    expected.forEach(
        (key, events) ->
            assertThat(transactions(arrived.get(key)))
                .as("%s, key %d", seed, key)
                .isEqualTo(transactions(events)));
  }

  /** The last state of each entity is the last that arrived. */
  void assertFinalStates(Topic topic, String seed) {
    Map<Integer, String> last = new TreeMap<>();
    for (ConsumerRecord<String, String> record : topic.records()) {
      if (record.value() == null) {
        last.remove(Integer.valueOf(record.key()));
      } else if (record.value().startsWith("{")) {
        last.put(Integer.valueOf(record.key()), stamp(record.value()));
      }
    }
    Map<Integer, String> stored = new TreeMap<>();
    for (Map<String, Object> row :
        postgres.rows(database, "select id, stamp from stock where revision > 0")) {
      stored.put((Integer) row.get("id"), (String) row.get("stamp"));
    }
    assertThat(last).as(seed).isEqualTo(stored);
  }

  private Map<Integer, List<String>> expected() {
    Map<Integer, Map<String, String>> states = new TreeMap<>();
    for (Map<String, Object> row :
        postgres.rows(database, "select id, revision, stamp from history order by id, revision")) {
      String stamp = (String) row.get("stamp");
      // Of several changes in a transaction the last one is published.
      states
          .computeIfAbsent((Integer) row.get("id"), key -> new LinkedHashMap<>())
          .put(stamp == null ? TOMBSTONE : transaction(stamp), stamp == null ? TOMBSTONE : stamp);
    }
    Map<Integer, List<String>> expected = new TreeMap<>();
    states.forEach(
        (key, ofKey) -> {
          List<String> events = new ArrayList<>();
          ofKey.forEach(
              (transaction, stamp) -> {
                notes
                    .getOrDefault(key + " " + transaction, new ConcurrentLinkedQueue<>())
                    .forEach(note -> events.add("note " + note));
                events.add(stamp.equals(TOMBSTONE) ? TOMBSTONE : "state " + stamp);
              });
          expected.put(key, events);
        });
    return expected;
  }

  /**
   * Events by transaction. Within one, an entity's state has its place where the provider flushed
   * it, so notes and state are compared apart.
   */
  private static List<List<String>> transactions(List<String> events) {
    List<List<String>> groups = new ArrayList<>();
    String current = "";
    for (String event : events == null ? List.<String>of() : events) {
      String transaction = event.equals(TOMBSTONE) ? TOMBSTONE : transaction(event);
      if (!transaction.equals(current)) {
        groups.add(new ArrayList<>());
        current = transaction;
      }
      groups.get(groups.size() - 1).add(event);
    }
    groups.forEach(
        group -> {
          List<String> states = group.stream().filter(e -> e.startsWith("state")).toList();
          group.removeAll(states);
          group.addAll(states);
        });
    return groups;
  }

  private static String text(String value) {
    if (value == null) {
      return TOMBSTONE;
    }
    return (value.startsWith("{") ? "state " : "note ") + stamp(value);
  }

  private static String stamp(String text) {
    return find(text).group();
  }

  private static String transaction(String text) {
    return find(text).group(1);
  }

  private static Matcher find(String text) {
    Matcher found = STAMP.matcher(text);
    if (!found.find()) {
      throw new AssertionError("no stamp in " + text);
    }
    return found;
  }
}
