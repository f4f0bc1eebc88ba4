package io.drivetrain.outbox.internal.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.ParkReason;
import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.outbox.internal.store.OutboxTable.Parked;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Two batches on their way at once, whatever Kafka, the database and the process do. */
class WindowTest {
  private static final Answer ACKNOWLEDGED = new Answer.Acknowledged();
  private static final Answer REFUSED = new Answer.Refused(ParkReason.REFUSED, "no");
  private static final Answer AGAIN = new Answer.Again("failed");
  private static final Answer TOPIC_FAILED = new Answer.TopicFailed("not authorised");

  private final Window window = new Window(TopicRules.DEFAULT, 2);

  @Test
  void while_one_batch_is_with_kafka_the_one_before_is_deleted() {
    FakeFlight first = flight(row(1, "a"), row(2, "b"));
    FakeFlight second = flight(row(3, "a"));
    window.add(first);
    assertThat(window.hasRoom()).isTrue();
    window.add(second);
    assertThat(window.hasRoom()).isFalse();
    assertThat(window.landed()).isEmpty();

    first.answer(0, ACKNOWLEDGED);
    assertThat(window.landed()).isEmpty();
    first.answer(1, ACKNOWLEDGED);

    assertThat(window.landed().orElseThrow().delete()).containsExactly(1L, 2L);
    assertThat(window.ids()).containsExactly(3L);
    assertThat(window.hasRoom()).isTrue();
  }

  @Test
  void batches_are_dealt_with_in_the_order_they_were_sent() {
    FakeFlight second = flight(row(2, "b"));
    window.add(flight(row(1, "a")));
    window.add(second);

    second.answer(0, ACKNOWLEDGED);

    assertThat(window.landed()).isEmpty();
  }

  @Test
  void after_a_failure_nothing_is_sent_and_all_are_dealt_with_together() {
    FakeFlight first = flight(row(1, "a"), row(2, "b"));
    FakeFlight second = flight(row(3, "a"), row(4, "b"));
    window.add(first);
    first.answer(0, TOPIC_FAILED);
    assertThat(window.hasRoom()).isFalse();
    window.add(second);
    first.answer(1, ACKNOWLEDGED);
    second.answer(0, ACKNOWLEDGED);
    assertThat(window.landed()).as("4 is open").isEmpty();
    second.answer(1, ACKNOWLEDGED);

    Outcome outcome = window.landed().orElseThrow();

    // 3 is with Kafka, but must be sent again behind 1.
    assertThat(outcome.delete()).containsExactly(2L, 4L);
    assertThat(outcome.comesAgain()).isTrue();
    assertThat(window.isEmpty()).isTrue();
  }

  @Test
  void what_is_given_up_without_an_answer_comes_again() {
    FakeFlight first = flight(row(1, "a"), row(2, "b"));
    window.add(first);
    window.add(flight(row(3, "c")));
    first.answer(1, ACKNOWLEDGED);

    Outcome outcome = window.giveUp();

    assertThat(outcome.delete()).containsExactly(2L);
    assertThat(outcome.comesAgain()).isTrue();
    assertThat(window.ids()).isEmpty();
  }

  @Test
  void rows_that_are_not_sent_because_a_later_one_is_are_under_way_as_well() {
    FakeFlight flight = flight(row(3, "a"));
    flight.compaction = new Compaction(flight.rows(), Map.of(3L, List.of(1L, 2L)));
    window.add(flight);
    assertThat(window.ids()).containsExactlyInAnyOrder(1L, 2L, 3L);

    flight.answer(0, ACKNOWLEDGED);

    Outcome outcome = window.landed().orElseThrow();
    assertThat(outcome.delete()).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(outcome.comesAgain()).isFalse();
  }

  @Test
  void whatever_fails_nothing_is_lost_and_every_key_arrives_in_order() {
    for (int round = 0; round < 1_000; round++) {
      new World(System.nanoTime() + round, false, OnRefused.PARK).run();
    }
  }

  /** Rights come and go between any two requests. */
  @Test
  void whatever_topics_are_refused_nothing_is_lost_and_every_key_arrives_in_order() {
    for (int round = 0; round < 1_000; round++) {
      new World(System.nanoTime() + round, true, OnRefused.PARK).run();
    }
  }

  @Test
  void whatever_fails_nothing_of_a_key_is_stored_behind_a_row_that_blocks_it() {
    for (int round = 0; round < 1_000; round++) {
      new World(System.nanoTime() + round, false, OnRefused.BLOCK_KEY).run();
    }
  }

  private static FakeFlight flight(OutboxRow... rows) {
    return new FakeFlight(List.of(rows), false, Set.of());
  }

  private static OutboxRow row(long id, String key) {
    return row(id, "t", key);
  }

  private static OutboxRow row(long id, String topic, String key) {
    return new OutboxRow(id, topic, null, null, key.getBytes(StandardCharsets.UTF_8), null, null);
  }

  private static final class FakeFlight implements Flight {
    private final List<OutboxRow> rows;
    private final boolean holdsBack;
    private final Set<Long> probes;
    private final Answer[] answers;
    private Compaction compaction = new Compaction(List.of(), Map.of());

    FakeFlight(List<OutboxRow> rows, boolean holdsBack, Set<Long> probes) {
      this.rows = rows;
      this.probes = probes;
      this.holdsBack = holdsBack;
      this.answers = new Answer[rows.size()];
    }

    void answer(int index, Answer answer) {
      if (answers[index] == null) {
        answers[index] = answer;
      }
    }

    @Override
    public List<OutboxRow> rows() {
      return rows;
    }

    @Override
    public Collection<Long> omitted() {
      return compaction.omitted();
    }

    @Override
    public Outcome complete(Outcome outcome) {
      return compaction.complete(outcome);
    }

    @Override
    public long sentAt() {
      return 0;
    }

    @Override
    public int answered() {
      return (int) Arrays.stream(answers).filter(answer -> answer != null).count();
    }

    @Override
    public boolean failed() {
      return Arrays.stream(answers)
          .anyMatch(
              answer ->
                  answer instanceof Answer.Again
                      || answer instanceof Answer.TopicFailed
                      || (holdsBack && answer instanceof Answer.Refused));
    }

    @Override
    public List<Answer> answers() {
      return Arrays.stream(answers)
          .map(answer -> answer == null ? new Answer.Again(null) : answer)
          .toList();
    }
  }

  /**
   * A table, a drainer and a producer that sends one request at a time, in steps of any order. A
   * record that must be sent again closes the producer before its next request.
   */
  private static final class World {
    private static final int ROWS = 60;

    private final long seed;
    private final Random random;
    private final boolean topicsFail;
    private final TopicRules rules;
    private final boolean blocks;
    private final TreeMap<Long, OutboxRow> table = new TreeMap<>();
    private final List<OutboxRow> all = new ArrayList<>();
    private final List<OutboxRow> kafka = new ArrayList<>();
    private final Set<Long> parked = new HashSet<>();
    private final Set<String> denied = new HashSet<>();
    private long lastId;
    private long now;
    private boolean calm;

    private Window window;
    private TopicStates topics = new TopicStates();
    private Producer producer = new Producer();
    private Outcome unwritten = Outcome.NOTHING;

    World(long seed, boolean topicsFail, OnRefused onRefused) {
      this.rules = new TopicRules(onRefused, Map.of(), false, Map.of());
      this.blocks = onRefused == OnRefused.BLOCK_KEY;
      this.window = new Window(rules, 2);
      this.seed = seed;
      this.random = new Random(seed);
      this.topicsFail = topicsFail;
    }

    void run() {
      while (lastId < ROWS) {
        step();
      }
      calm = true;
      denied.clear();
      for (int i = 0; i < 10_000 && !table.isEmpty(); i++) {
        step();
      }
      assertThat(table.keySet()).as("what never arrived, seed %d", seed).isEmpty();
      assertOrder();
    }

    private void step() {
      now += Duration.ofMillis(random.nextInt(60)).toNanos();
      switch (random.nextInt(11)) {
        case 0, 1 -> write();
        case 2, 3, 4 -> producer.step();
        case 5 -> trouble();
        case 6 -> rights();
        default -> drain();
      }
    }

    private void write() {
      if (lastId < ROWS) {
        lastId++;
        int key = random.nextInt(4);
        // Of two topics, so that one is refused while the other goes on.
        OutboxRow row = row(lastId, "t" + key % 2, "k" + key);
        all.add(row);
        table.put(lastId, row);
      }
    }

    private void rights() {
      if (topicsFail && !calm) {
        String topic = "t" + random.nextInt(2);
        if (!denied.remove(topic)) {
          denied.add(topic);
        }
      }
    }

    private void trouble() {
      if (calm || random.nextInt(10) > 0) {
        return;
      }
      producer.giveUp();
      if (random.nextBoolean()) {
        known(window.giveUp());
      } else {
        // The process dies.
        topics = new TopicStates();
        window = new Window(rules, 2);
        unwritten = Outcome.NOTHING;
      }
      producer = new Producer();
    }

    private void drain() {
      if (unwritten.changesRows()) {
        if (calm || random.nextInt(5) > 0) {
          writeOutcome();
        }
        return;
      }
      unwritten = Outcome.NOTHING;
      window.landed().ifPresent(this::known);
      if (unwritten.failure().isPresent() || (producer.closed && window.isEmpty())) {
        producer = new Producer();
      } else if (unwritten == Outcome.NOTHING && window.hasRoom()) {
        send();
      }
    }

    private void known(Outcome outcome) {
      unwritten = unwritten.and(outcome);
      topics.settled(outcome.delete(), window.ids());
      outcome.topics().keySet().forEach(topic -> topics.refused(topic, now));
    }

    private void writeOutcome() {
      Set<Long> stored = kafka.stream().map(OutboxRow::id).collect(Collectors.toSet());
      assertThat(stored).as("deleted, seed %d", seed).containsAll(unwritten.delete());
      table.keySet().removeAll(unwritten.delete());
      for (Parked each : unwritten.refused().park()) {
        table.remove(each.id());
        parked.add(each.id());
      }
      unwritten = Outcome.NOTHING;
    }

    private void send() {
      parkBehindBlocked();
      Set<Long> underWay = window.ids();
      List<String> without = topics.unusable(now);
      List<OutboxRow> read =
          table.values().stream()
              .filter(row -> !underWay.contains(row.id()) && !without.contains(row.topic()))
              .limit(1 + random.nextInt(8))
              .toList();
      TopicStates.Selection selected = topics.select(read, now);
      selected.ask().forEach(topic -> topics.described(producer.number, topic, 1, now));
      List<OutboxRow> rows = selected.rows();
      if (!rows.isEmpty()) {
        FakeFlight flight = new FakeFlight(rows, blocks, selected.probes());
        window.add(flight);
        for (int i = 0; i < rows.size(); i++) {
          producer.send(flight, i);
        }
      }
    }

    private void parkBehindBlocked() {
      Set<String> keys =
          parked.stream().filter(id -> blocks).map(this::key).collect(Collectors.toSet());
      for (OutboxRow row : List.copyOf(table.values())) {
        if (keys.contains(key(row.id())) && !window.ids().contains(row.id())) {
          table.remove(row.id());
          parked.add(row.id());
        }
      }
    }

    private String key(long id) {
      return text(all.get((int) id - 1));
    }

    private void assertNothingBehindBlocked() {
      Map<String, Long> firstBad = new TreeMap<>();
      all.stream()
          .filter(row -> row.id() % 13 == 0)
          .forEach(row -> firstBad.putIfAbsent(text(row), row.id()));
      assertThat(kafka)
          .as("seed %d", seed)
          .allMatch(row -> row.id() < firstBad.getOrDefault(text(row), Long.MAX_VALUE));
    }

    private void assertOrder() {
      if (blocks) {
        assertNothingBehindBlocked();
      }
      Map<String, List<Long>> expected = new TreeMap<>();
      Map<String, List<Long>> arrived = new TreeMap<>();
      kafka.stream()
          .sorted((a, b) -> Long.compare(a.id(), b.id()))
          .distinct()
          .forEach(row -> of(expected, row).add(row.id()));
      kafka.forEach(row -> of(arrived, row).add(row.id()));
      Set<Long> known = kafka.stream().map(OutboxRow::id).collect(Collectors.toSet());
      known.addAll(parked);
      assertThat(known).as("seed %d", seed).hasSize(ROWS);
      expected.forEach(
          (key, ids) -> {
            List<Long> found = arrived.get(key);
            assertThat(found.get(found.size() - 1))
                .as("last of %s in %s, seed %d", key, found, seed)
                .isEqualTo(ids.get(ids.size() - 1));
            assertThat(found.stream().distinct().toList())
                .as("%s in %s, seed %d", key, found, seed)
                .isEqualTo(ids);
          });
    }

    private static List<Long> of(Map<String, List<Long>> all, OutboxRow row) {
      return all.computeIfAbsent(text(row), key -> new ArrayList<>());
    }

    private static String text(OutboxRow row) {
      return new String(row.key(), StandardCharsets.UTF_8);
    }

    private final class Producer {
      private record Sent(FakeFlight flight, int index) {
        OutboxRow row() {
          return flight.rows().get(index);
        }

        boolean isBad() {
          return row().id() % 13 == 0;
        }

        void answer(Answer answer) {
          flight.answer(index, answer);
        }
      }

      private final Deque<Sent> queue = new ArrayDeque<>();
      private final int number = topics.newProducer();
      private boolean closed;

      void send(FakeFlight flight, int index) {
        if (closed) {
          flight.answer(index, AGAIN);
        } else {
          queue.add(new Sent(flight, index));
        }
      }

      /** One request is sent and answered. */
      void step() {
        List<Sent> request = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0 && !queue.isEmpty(); i--) {
          request.add(queue.remove());
        }
        if (request.isEmpty()) {
          return;
        }
        if (request.stream().anyMatch(Sent::isBad)) {
          refuse(request);
          return;
        }
        switch (calm ? 0 : random.nextInt(20)) {
          case 1 -> {
            // Stored, but the answer does not arrive.
            request.forEach(sent -> kafka.add(sent.row()));
            fail(request);
          }
          case 2 -> fail(request);
          default -> acknowledge(request);
        }
      }

      /** Unless the topic is refused: then only what is sent alone leaves the producer open. */
      private void acknowledge(List<Sent> request) {
        boolean alone = true;
        for (Sent sent : request) {
          if (denied.contains(sent.row().topic())) {
            sent.answer(TOPIC_FAILED);
            alone &= sent.flight.probes.contains(sent.row().id());
          } else {
            kafka.add(sent.row());
            sent.answer(ACKNOWLEDGED);
          }
        }
        if (!alone) {
          close();
        }
      }

      /** With a bad one the others of its request fail as well. */
      private void refuse(List<Sent> request) {
        boolean alone = request.stream().allMatch(Sent::isBad);
        request.forEach(sent -> sent.answer(sent.isBad() ? REFUSED : AGAIN));
        if (blocks || !alone) {
          close();
        }
      }

      private void fail(List<Sent> request) {
        request.forEach(sent -> sent.answer(AGAIN));
        close();
      }

      /** What is queued is not sent. */
      void close() {
        closed = true;
        queue.forEach(sent -> sent.answer(AGAIN));
        queue.clear();
      }

      /** The same from outside: what is on the wire may be stored, and nobody hears of it. */
      void giveUp() {
        if (!queue.isEmpty() && !queue.peek().isBad() && random.nextBoolean()) {
          kafka.add(queue.peek().row());
        }
        close();
      }
    }
  }
}
