package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.EncodedMessage.Header;
import io.drivetrain.outbox.ParkReason;
import io.drivetrain.outbox.internal.store.HeaderCodec;
import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.outbox.internal.store.UnreadableRowException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Rows on their way to Kafka. Sent by the draining thread, which also asks for the answers; the
 * producer's thread writes them.
 */
final class Batch implements Flight {

  /**
   * The header by which consumers recognise what they have seen: it grows with each event of a key.
   */
  static final String ID_HEADER = "drivetrain-id";

  private static final Answer ACKNOWLEDGED = new Answer.Acknowledged();
  private static final Answer OPEN = new Answer.Again(null);

  private final Compaction compaction;
  private final List<OutboxRow> rows;
  private final Map<String, Integer> partitions;
  private final Set<Long> probes;
  private final long sentAt;
  private final Predicate<OutboxRow> holdsBack;
  private final Runnable abort;
  private final AtomicReferenceArray<Answer> answers;
  private final AtomicInteger answered = new AtomicInteger();
  private final Runnable landed;

  private final Thread sender = Thread.currentThread();

  /** Set when it makes no sense to send more: a row must be sent again, or holds others back. */
  private volatile boolean failed;

  /** The index of the row that failed first; -1 while none has. */
  private final AtomicInteger firstFailed = new AtomicInteger(-1);

  /**
   * @param compaction rows of topics that can be used now; all rows of a topic or none, else one
   *     could overtake another
   * @param partitions how many each of those topics has
   * @param probes the ids of rows that are the only one of their topic under way
   * @param sentAt the time, in nanoseconds of a monotonic clock
   * @param holdsBack rows behind which nothing may be stored if they are refused
   * @param abort closes the producer at once, from its own thread: called when a record fails
   *     behind which nothing may be stored, because it must be sent again, its topic was refused or
   *     it holds others back
   * @param landed told, by any thread, that every row is answered
   */
  Batch(
      Compaction compaction,
      Map<String, Integer> partitions,
      Set<Long> probes,
      long sentAt,
      Predicate<OutboxRow> holdsBack,
      Runnable abort,
      Runnable landed) {
    this.holdsBack = holdsBack;
    this.abort = abort;
    this.compaction = compaction;
    this.rows = compaction.rows();
    this.partitions = partitions;
    this.probes = probes;
    this.sentAt = sentAt;
    this.answers = new AtomicReferenceArray<>(rows.size());
    this.landed = landed;
  }

  @Override
  public List<OutboxRow> rows() {
    return rows;
  }

  /**
   * Sends the rows in order, as long as the lease is held and nothing fails that could let a later
   * row overtake an earlier one.
   */
  void send(Producer<byte[], byte[]> producer, BooleanSupplier mayGoOn) {
    int next = 0;
    try {
      while (next < rows.size() && !failed && mayGoOn.getAsBoolean()) {
        send(producer, next++);
      }
    } finally {
      for (int i = next; i < rows.size(); i++) {
        answer(i, OPEN);
      }
    }
  }

  private void send(Producer<byte[], byte[]> producer, int index) {
    OutboxRow row = rows.get(index);
    try {
      Integer partition = row.partition();
      // The topic may have grown since it was first used.
      if (partition != null
          && partition >= partitions.get(row.topic())
          && partition >= producer.partitionsFor(row.topic()).size()) {
        answer(index, noSuchPartition(row));
        return;
      }
      ProducerRecord<byte[], byte[]> record = record(row);
      producer.send(record, (metadata, failure) -> heard(index, failure));
    } catch (UnreadableRowException e) {
      answer(index, new Answer.Refused(ParkReason.UNREADABLE, e.getMessage()));
    } catch (RuntimeException e) {
      answer(index, Answer.of(e, row.topic()));
    }
  }

  /** Called by the producer's thread, or by this one if the client itself refuses the record. */
  private void heard(int index, Exception failure) {
    if (failure == null) {
      answer(index, ACKNOWLEDGED);
      return;
    }
    Answer answer = Answer.of(failure, rows.get(index).topic());
    try {
      // What this thread has handed over before may go on; there is nothing behind it yet.
      if (answer instanceof Answer.Again
          || (!isSender() && (leavesTopic(index, answer) || isHeldBackBy(index, answer)))) {
        // The next request leaves only when this returns.
        abort.run();
      }
    } finally {
      // Last: whoever sees the answer must see that the producer is closed.
      answer(index, answer);
    }
  }

  /**
   * Whether rows of the topic may be behind this one. A right that is granted at this moment would
   * let them pass.
   */
  private boolean leavesTopic(int index, Answer answer) {
    return answer instanceof Answer.TopicFailed && !probes.contains(rows.get(index).id());
  }

  private boolean isSender() {
    return Thread.currentThread() == sender;
  }

  private boolean isHeldBackBy(int index, Answer answer) {
    return answer instanceof Answer.Refused && holdsBack.test(rows.get(index));
  }

  private static Answer noSuchPartition(OutboxRow row) {
    return new Answer.Refused(
        ParkReason.NO_SUCH_PARTITION,
        "topic " + row.topic() + " has no partition " + row.partition());
  }

  private static ProducerRecord<byte[], byte[]> record(OutboxRow row) {
    ProducerRecord<byte[], byte[]> record;
    try {
      record =
          new ProducerRecord<>(
              row.topic(), row.partition(), row.timestamp(), row.key(), row.value());
    } catch (IllegalArgumentException e) {
      throw new UnreadableRowException(e.getMessage()); // a negative timestamp, for example
    }
    for (Header header : HeaderCodec.decode(row.headers())) {
      record.headers().add(header.name(), header.value());
    }
    record.headers().add(ID_HEADER, Long.toString(row.id()).getBytes(StandardCharsets.US_ASCII));
    return record;
  }

  private void answer(int index, Answer answer) {
    // A producer that is closed by force answers again what it gave up.
    if (answers.compareAndSet(index, null, answer)) {
      if (!(answer instanceof Answer.Acknowledged)) {
        firstFailed.compareAndSet(-1, index);
      }
      if (answer instanceof Answer.Again
          || answer instanceof Answer.TopicFailed
          || isHeldBackBy(index, answer)) {
        failed = true;
      }
      // Last, so that whoever finds all answered knows whether one has failed.
      if (answered.incrementAndGet() == rows.size()) {
        landed.run();
      }
    }
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
    return sentAt;
  }

  @Override
  public int answered() {
    return answered.get();
  }

  @Override
  public boolean failed() {
    return failed;
  }

  @Override
  public Optional<Integer> firstFailed() {
    int index = firstFailed.get();
    return index < 0 ? Optional.empty() : Optional.of(index);
  }

  @Override
  public List<Answer> answers() {
    List<Answer> all = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Answer answer = answers.get(i);
      all.add(answer == null ? OPEN : answer);
    }
    return all;
  }
}
